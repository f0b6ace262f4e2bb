using ShardStore.Balancer;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;

namespace ShardStore.Node.Tests.Recommendations;

/// <summary>Rows as the planner would write them, and what becomes of them in a <see cref="TestCluster"/>.</summary>
internal static class Rows
{
    public const long MinuteMs = 60_000;

    public static readonly BalancingPolicy Approve = new() { Execution = ExecutionMode.Approve, Version = 3 };
    public static readonly BalancingPolicy Advise = Approve with { Execution = ExecutionMode.Advise };
    public static readonly BalancingPolicy Automatic = Approve with { Execution = ExecutionMode.Automatic };

    /// <summary>Shard 1 is led by n1 and has copies on n1, n2, n3; the row passes its leadership to n2.</summary>
    public static Recommendation Row(
        TestCluster cluster, int shard = 1, int to = 2, long waitMs = 0, MoveCause cause = MoveCause.ForecastOverload)
    {
        var from = cluster.State.Shards[shard].LeaderNode;
        var nowMs = cluster.WallMs;
        return new Recommendation
        {
            Shard = new ShardId(shard),
            From = new NodeId(from),
            To = new NodeId(to),
            Kind = cluster.State.Shards[shard].Replicas.Any(replica => replica.Node == to)
                ? MoveKind.LeaderTransfer
                : MoveKind.ReplicaMove,
            Cause = cause,
            BreachMsP90 = nowMs + waitMs + (2 * MinuteMs),
            ExecuteAtMs = nowMs + waitMs,
            ExpiresMs = nowMs + waitMs + MinuteMs,
            Urgency = new Urgency(50),
            Cost = new TransferCost(0, 1e8, 0.5, true),
            Impact = new ClientImpact(10, 1),
            EndsInTime = true,
            Alternatives = [new RejectedMove(
                new ShardId(5), new NodeId(from), new NodeId(3), MoveKind.LeaderTransfer, RejectionReason.NoGain)],
            PolicyVersion = 3,
            Strategy = "predictive",
            Explanation = $"Node {from} is expected to pass 80 % CPU.",
            Expected = new MoveExpectation
            {
                Threshold = 0.8,
                DecidedMs = nowMs,
                HorizonMs = nowMs + waitMs + (12 * MinuteMs),
                BreachMs = nowMs + waitMs + (2 * MinuteMs),
                Source = new NodeExpectation(0.95, 0.6, 0.9, 0.05),
                Target = new NodeExpectation(0.3, 0.6, 0, 0.02),
                SourceSharePerOp = 0.3 / 110,
                TargetSharePerOp = 0.3 / 110,
                Seconds = 0.5,
            },
        };
    }

    public static RecommendationRecord Only(this TestCluster cluster) =>
        Assert.Single(cluster.State.Recommendations.Values);

    /// <summary>Drives the leader transfer of a recommendation to an end.</summary>
    public static void End(this TestCluster cluster, long migration, string error = "")
    {
        Assert.True(cluster.Apply(new AdvanceMigration(
            migration, MigrationStage.Planned, MigrationStage.SwitchingOver, 0, 0, "")).Ok);
        var last = error.Length == 0 ? MigrationStage.Done : MigrationStage.Failed;
        Assert.True(cluster.Apply(new AdvanceMigration(
            migration, MigrationStage.SwitchingOver, last, 0, 0, error)).Ok);
    }

    /// <summary>One refusal, and no other command.</summary>
    public static string Refusal(this TestCluster cluster, MetaCommand command)
    {
        var result = cluster.Apply(command);
        Assert.False(result.Ok);
        return result.Error;
    }
}
