using Xunit.Abstractions;

namespace ShardStore.Raft.Tests;

/// <summary>Random runs, each a function of its seed. RAFT_SEEDS=n runs that many, RAFT_SEED=s only that one.</summary>
public sealed class RandomClusterTests(ITestOutputHelper output)
{
    private const int StepsRough = 3000;
    private const int StepsToHeal = 6000;

    private static int SeedCount => Setting("RAFT_SEEDS", 20);

    [Fact]
    public void Faulty_clusters_stay_safe_and_healed_ones_converge() =>
        RunSeeds(new ClusterFaults(), new RaftOptions());

    [Fact]
    public void Clusters_with_small_bounds_stay_safe_and_converge() => RunSeeds(new ClusterFaults(), new RaftOptions
    {
        MaxAppendBytes = 16,
        MaxInflightMessages = 2,
        MaxCommittedBytes = 20,
        MaxUncommittedEntries = 20,
        MaxPendingReads = 3,
    });

    [Fact]
    public void Clusters_that_fall_asleep_stay_safe_and_converge() => RunSeeds(
        new ClusterFaults { DropPercent = 1, CrashPerMille = 1, PartitionPerMille = 1 },
        new RaftOptions { Quiesce = true, QuiesceAfterHeartbeats = 1 });

    [Fact]
    public void Membership_under_constant_change_stays_safe() => RunSeeds(
        new ClusterFaults { MembershipPerMille = 60, CrashPerMille = 6, TransferPerMille = 20 }, new RaftOptions());

    [Fact]
    public void Calm_cluster_elects_one_leader_and_serves_by_lease()
    {
        var cluster = new SimulatedCluster(3, ClusterFaults.None, new RaftOptions());
        cluster.Run(2000);
        Assert.Equal(1, cluster.Checker.LeaderCount);
        Assert.True(cluster.LeaseReads > 100 && cluster.ReadsServed > 50 && cluster.Checker.AppliedCount > 100);
    }

    private void RunSeeds(ClusterFaults faults, RaftOptions options)
    {
        int only = Setting("RAFT_SEED", -1);
        int from = only >= 0 ? only : 0;
        int to = only >= 0 ? only + 1 : SeedCount;
        (int Applied, int Leaders, int Reads, int Leases, int Changes, int Snapshots, int Crashes) sum = default;
        for (int seed = from; seed < to; seed++)
        {
            SimulatedCluster cluster = RunSeed(seed, faults, options);
            sum.Applied += cluster.Checker.AppliedCount;
            sum.Leaders += cluster.Checker.LeaderCount;
            sum.Reads += cluster.ReadsServed;
            sum.Leases += cluster.LeaseReads;
            sum.Changes += cluster.Changes;
            sum.Snapshots += cluster.Snapshots;
            sum.Crashes += cluster.Crashes;
        }

        output.WriteLine($"seeds {from}-{to - 1}: {sum}");
    }

    private static SimulatedCluster RunSeed(int seed, ClusterFaults faults, RaftOptions options)
    {
        var cluster = new SimulatedCluster(seed, faults, options);
        try
        {
            cluster.Run(StepsRough);
            Assert.True(cluster.Heals(StepsToHeal), "the healed cluster does not converge");
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException(
                $"seed {seed} (replay: RAFT_SEED={seed} dotnet test tests/Raft.Tests): {fault.Message}\n"
                + cluster.Describe(), fault);
        }

        return cluster;
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;
}
