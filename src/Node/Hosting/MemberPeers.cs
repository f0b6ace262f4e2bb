using System.Collections.Immutable;
using ShardStore.Node.Placement;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Hosting;

/// <summary>Whom a node talks to: the members on record, and those of its own list that have not reported yet. An entry
/// of the list that says the same as the record stays as it is, so that its connection does too.</summary>
internal static class MemberPeers
{
    public static ImmutableArray<PeerAddress> Of(ClusterMembership self, MetaState state)
    {
        var listed = self.Peers.ToDictionary(peer => peer.Node);
        var peers = ImmutableArray.CreateBuilder<PeerAddress>();
        foreach (var node in state.Nodes.Values)
        {
            if (node.Number == self.Number || string.IsNullOrEmpty(node.PeerHost))
                continue;
            var isAsListed = listed.TryGetValue(node.Number, out var known)
                && (known.Host, known.Port) == (node.PeerHost, node.PeerPort);
            peers.Add(isAsListed
                ? known!
                : new PeerAddress(node.Number, node.Name, node.PeerHost, node.PeerPort));
        }
        foreach (var peer in self.Peers)
        {
            if (!state.Removed.ContainsKey(peer.Node) && peers.All(other => other.Node != peer.Node))
                peers.Add(peer);
        }
        peers.Sort((one, other) => one.Node.CompareTo(other.Node));
        return peers.ToImmutable();
    }

    /// <summary>By number, what greetings are judged by.</summary>
    public static ImmutableDictionary<int, PeerRecord> RecordsOf(MetaState state) =>
        state.Nodes.Values.Select(node => (node.Number, new PeerRecord(node.DiskId, IsRemoved: false)))
            .Concat(state.Removed.Keys.Select(number => (number, new PeerRecord("", IsRemoved: true))))
            .ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2);
}
