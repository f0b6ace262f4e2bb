namespace ShardStore.Balancer;

/// <summary>Counts moves under way as done, so that a round neither repeats them nor sends more load to a target that
/// is about to receive some. A move whose shard or nodes are gone from the snapshot has no influence.</summary>
internal static class PendingInfluence
{
    public static void Apply(Round round)
    {
        var ordered = round.Snapshot.InFlight.Sort((a, b) => a.Shard.CompareTo(b.Shard));
        foreach (var move in ordered)
        {
            if (round.State.TryShard(move.Shard, out var shard) && round.State.TryNode(move.From, out var from)
                && round.State.TryNode(move.To, out var to))
            {
                round.AddInFlight(new MoveCandidate(shard, from, to, move.Kind));
            }
        }
    }
}
