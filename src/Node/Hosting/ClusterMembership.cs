using System.Collections.Immutable;
using ShardStore.Node.Cli.Settings;
using ShardStore.Node.Placement;
using ShardStore.Node.Transport;
using ShardStore.Storage.Identity;

namespace ShardStore.Node.Hosting;

/// <summary>Who a node is. A founding node works it out from its join list: the list's order numbers the members, and
/// another list is another cluster. A node that entered later was told, and its directory remembers.
/// <paramref name="NodeCount"/>: of the founding nodes; 0 for a node that entered.</summary>
public sealed record ClusterMembership(string ClusterId, int Number, int NodeCount, ImmutableArray<PeerAddress> Peers)
{
    /// <param name="options">The node's settings.</param>
    /// <param name="bound">Whom the node's directory belongs to, or null.</param>
    /// <param name="stop">Ends the wait for a cluster that does not answer.</param>
    public static async Task<ClusterMembership> OfAsync(
        NodeOptions options, NodeIdentity? bound, CancellationToken stop)
    {
        if (options.Enter is null)
            return Founding(options);
        return bound is { NodeNumber: > 0 }
            ? new ClusterMembership(bound.ClusterId, (int)bound.NodeNumber, 0, [])
            : await ClusterEntry.AskAsync(options, stop);
    }

    private static ClusterMembership Founding(NodeOptions options)
    {
        var members = options.Join.Count == 0 ? [options.PeerAnnounce] : options.Join.ToList();
        var self = members.FindIndex(member => member == options.PeerAnnounce);
        if (self < 0)
        {
            throw new UsageException(
                $"--join {string.Join(',', members)}: does not name this node itself ({options.PeerAnnounce}); every "
                + "node is started with the same list of all founding members");
        }
        var peers = members
            .Select((member, index) => new PeerAddress(index + 1, "", member.Host, member.Port))
            .Where(peer => peer.Node != self + 1);
        var clusterId = ClusterFounding.ClusterIdOf(members.Select(member => member.ToString()));
        return new ClusterMembership(clusterId, self + 1, members.Count, [.. peers]);
    }
}
