namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>What a fault works on: the cluster, its draw, and what it noted when it began.</summary>
internal sealed class Scene(NemesisCluster cluster, Random random)
{
    public NemesisCluster Cluster => cluster;
    public Random Random => random;

    /// <summary>Hosts that the fault began with.</summary>
    public IReadOnlyList<int> Targets { get; set; } = [];

    /// <summary>A program of the test's that runs until the fault ends.</summary>
    public List<Support.ToolProcess> Helpers { get; } = [];

    /// <summary>Set where only the beginning can tell.</summary>
    public bool HasBitten { get; set; }

    /// <summary>The fault that is on, where it is drawn anew each time.</summary>
    public Fault? Inner { get; set; }

    public int Target => Targets[0];

    public int AnyHost() => random.Next(cluster.Count);

    public IEnumerable<int> OthersThan(int host) => cluster.Hosts.Where(other => other != host);
}
