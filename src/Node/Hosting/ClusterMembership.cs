using System.Collections.Immutable;
using ShardStore.Node.Cli.Settings;
using ShardStore.Node.Placement;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Hosting;

/// <summary>Who a node is, worked out from its join list: the list's order numbers the members, and another list is
/// another cluster.</summary>
public sealed record ClusterMembership(string ClusterId, int Number, int NodeCount, ImmutableArray<PeerAddress> Peers)
{
    public static ClusterMembership Of(NodeOptions options)
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
