namespace ShardStore.Cluster.Tests.Support;

/// <summary>How a test wants its cluster.</summary>
internal sealed record ClusterShape
{
    public int Nodes { get; init; } = 3;
    public int Shards { get; init; } = 12;
    public int Replicas { get; init; } = 3;
    public int MemoryMb { get; init; } = 256;
    public double CapacityCores { get; init; } = 1;
    public int CheckpointMb { get; init; } = 64;

    /// <summary>Off, so that nothing moves unless the test moves it.</summary>
    public string Balancer { get; init; } = "off";

    /// <summary>On the real disk instead of memory: for tests of crashes and damage.</summary>
    public bool OnDisk { get; init; }

    /// <summary>More options of `node`.</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}
