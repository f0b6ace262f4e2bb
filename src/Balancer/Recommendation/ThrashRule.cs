namespace ShardStore.Balancer;

/// <summary>How often a shard was moved within an hour, and how often a move undid the one before it.</summary>
public readonly record struct ShardThrash(ShardId Shard, int Moves, int Reversals);

/// <summary>Finds shards that go to and fro. Cool-downs keep a shard from it, so what is found means that they are too
/// short for this load, or that two parties move the same shard.</summary>
public static class ThrashRule
{
    public const long WithinMs = 3_600_000;

    /// <summary>Moves of one shard in an hour that are still none of anybody's business: leaderships may well pass on
    /// twice with a peak that wanders.</summary>
    public const int MovesMax = 4;

    /// <summary>One way back in an hour may be a load that went as it came.</summary>
    public const int ReversalsMax = 1;

    /// <summary>Shards over a limit, worst first. Moves that failed count: they cost as much.</summary>
    public static IReadOnlyList<ShardThrash> Find(IEnumerable<FinishedMove> moves, long nowMs)
    {
        var found = new List<ShardThrash>();
        foreach (var shard in moves.Where(move => nowMs - move.EndedMs < WithinMs).GroupBy(move => move.Shard))
        {
            var inTurn = shard.OrderBy(move => move.EndedMs).ToArray();
            var reversals = 0;
            for (var i = 1; i < inTurn.Length; i++)
                reversals += inTurn[i].From == inTurn[i - 1].To && inTurn[i].To == inTurn[i - 1].From ? 1 : 0;
            if (inTurn.Length > MovesMax || reversals > ReversalsMax)
                found.Add(new ShardThrash(shard.Key, inTurn.Length, reversals));
        }
        return [.. found.OrderByDescending(shard => shard.Moves).ThenBy(shard => shard.Shard)];
    }
}
