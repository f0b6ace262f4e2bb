namespace ShardStore.Cluster.Tests.Load;

/// <summary>What came of a load. Lost: read back and not what had been acknowledged.</summary>
internal sealed record LoadCounts(long Operations, long Acknowledged, long Unknown, long NotDone, long FailedReads)
{
    public override string ToString() =>
        $"{Operations} operations, {Acknowledged} writes acknowledged, {Unknown} unknown, {NotDone} not done, "
        + $"{FailedReads} failed reads";
}
