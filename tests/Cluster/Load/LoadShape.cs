namespace ShardStore.Cluster.Tests.Load;

/// <summary>How a test wants its load.</summary>
internal sealed record LoadShape
{
    /// <summary>Part of every key, so that two loads do not meet.</summary>
    public string Name { get; init; } = "load";

    /// <summary>As many as the cluster has.</summary>
    public required int Shards { get; init; }

    public int WorkersAShard { get; init; } = 2;
    public int ValueBytes { get; init; } = 100;

    /// <summary>Between a worker's rounds of one write and one read: load that leaves the machine room, so that what
    /// is measured is the cluster and not the queue for its processors.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(10);
}
