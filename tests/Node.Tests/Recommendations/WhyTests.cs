using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;
using static ShardStore.Node.Tests.Recommendations.Rows;

namespace ShardStore.Node.Tests.Recommendations;

/// <summary>Why a shard moves, moved or stays, in sentences.</summary>
public sealed class WhyTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));
        _cluster.Pass(200, heard: [1, 2, 3, 4]);
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task A_proposed_shard_tells_reason_state_alternatives_forecast_and_policy()
    {
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        var text = await WhyAsync("1");
        Assert.Contains("Shard 1 is led by n1, has copies on n1, n2, n3, and is asked for 110 ops/s.", text);
        Assert.Contains("proposes to move it from n1 to n2 (recommendation 1), urgency 50", text);
        Assert.Contains("Node 1 is expected to pass 80 % CPU.", text);
        Assert.Contains("It waits for `ctl approve 1`, planned for ", text);
        Assert.Contains("Weighed and not taken: shard 5 to n3, since it would not help (noGain).", text);
        Assert.Contains("Its demand is forecast by ", text);
        Assert.Contains("under policy version 3 (mode predictive, execution approve).", text);

        Assert.True(_cluster.Apply(new ApproveRecommendation(
            1, _cluster.WallMs + MinuteMs, _cluster.WallMs + MinuteMs)).Ok);
        Assert.Contains("It is approved until ", await WhyAsync("1"));
        Round(Advise, Row(_cluster, waitMs: MinuteMs));
        Assert.Contains("It does not start by itself: the policy's execution is advise", await WhyAsync("1"));
        Round(Automatic, Row(_cluster, waitMs: MinuteMs));
        Assert.Contains("It starts by itself at ", await WhyAsync("1"));
        Round(Approve, Row(_cluster, waitMs: MinuteMs, cause: MoveCause.Drain));
        Assert.Contains("a drain is an order", await WhyAsync("1"));
    }

    [Fact]
    public async Task A_shard_that_stays_tells_by_which_rule()
    {
        Round(Approve);
        var refusal = new RejectedMove(
            new ShardId(2), new NodeId(2), new NodeId(4), MoveKind.ReplicaMove, RejectionReason.TargetWouldBreach);
        _cluster.Refuse(refusal);
        Assert.Contains(
            "It stays: a move from n2 to n4 was weighed and dropped, since the destination would be overloaded "
            + "(targetWouldBreach).",
            await WhyAsync("2"));
        Assert.Contains("It stays: no node that holds it gives up load (n1 peaks at ", await WhyAsync("1"));
        Round(Approve, Row(_cluster, shard: 5, to: 3, waitMs: MinuteMs));
        Assert.Contains("It stays: n1 gives up shard 5 instead, which does more.", await WhyAsync("1"));
        Round(Approve with { Mode = Balancer.BalancerMode.Off });
        Assert.Contains("It stays: the balancer is off.", await WhyAsync("1"));
    }

    [Fact]
    public async Task A_veto_is_told_with_its_end()
    {
        Round(Approve, Row(_cluster, waitMs: MinuteMs));
        Assert.True(_cluster.Apply(new VetoRecommendation(1, 60)).Ok);
        Round(Approve);
        Assert.Contains("An operator vetoed recommendation 1 (leadership of shard 1 from node 1 to node 2) at 20",
            await WhyAsync("1"));
    }

    [Fact]
    public async Task A_migration_tells_who_wanted_it_by_which_forecast_and_whether_it_helped()
    {
        Round(Automatic, Row(_cluster));
        Assert.Contains("Migration m1 moves leadership of shard 1 from n1 to n2; it is Planned since ",
            await WhyAsync("1"));
        _cluster.End(1);
        var text = await WhyAsync("m1");
        Assert.Contains("Migration m1 moved leadership of shard 1 from n1 to n2", text);
        Assert.Contains(
            "The predictive balancer called for it under policy version 3 (recommendation 1): Node 1 is", text);
        Assert.Contains("The forecast of 20", text);
        Assert.Contains(" (the shard's by ", text);
        Assert.Contains("without it n1 would peak at 95 % of its CPU (chance of passing 80 %: 90 %, due at 20", text);
        Assert.Contains("with it at 60 % (5 %); n2 at 30 % without and 60 % with it.", text);
        Assert.Contains("Weighed and not taken: shard 5 to n3", text);
        Assert.Contains("It was to send 0 kB and take 0.5 s; it sent 0 kB and took ", text);
        Assert.Contains("Whether it helped cannot be told yet: it is judged over the time from 20", text);

        Assert.True(_cluster.Apply(new JudgeRecommendation(1, new MoveOutcome(MoveHelp.Yes)
        {
            MeasuredShare = 1,
            SourcePeak = 0.7,
            SourcePeakWithout = 1.02,
            SourceSecondsOverWithout = 900,
            TargetPeak = 0.55,
        })).Ok);
        text = await WhyAsync("m1");
        Assert.Contains("It helped: from ", text);
        Assert.Contains(
            "n1 peaked at 70 % and was over 80 % for 0 s; without it that would have been 102 % and 15 min.", text);
        // The shard tells of its last move, too.
        Assert.Contains("It helped: from ", await WhyAsync("1"));
    }

    [Fact]
    public async Task A_move_by_hand_and_a_failure_say_so()
    {
        _cluster.Apply(new StartMigration(MoveKind.LeaderTransfer, 1, 1, 2, "asked for by the operator", 0));
        _cluster.End(1, "n2 is away");
        Round(Automatic);
        var text = await WhyAsync("m1");
        Assert.Contains("was to move leadership of shard 1 from n1 to n2 and failed at ", text);
        Assert.Contains("n2 is away", text);
        Assert.Contains("An operator asked for it", text);
    }

    [Theory]
    [InlineData("9", 404, "shard '9': does not exist; shards are 1 to 8")]
    [InlineData("m9", 404, "migration '9': does not exist; known are none yet")]
    [InlineData("m", 400, "name 'm': must be the number of a shard, such as 7, or of a migration after an m, such as")]
    [InlineData("n1", 400, "name 'n1': must be the number of a shard")]
    [InlineData("-1", 400, "name '-1': must be the number of a shard")]
    public async Task What_does_not_exist_is_named(string name, int status, string detail)
    {
        Round(Automatic);
        var problem = await _bench.RefusedAsync(HttpMethod.Get, $"/api/v1/why/{name}");
        Assert.Equal(status, problem.Status);
        Assert.Contains(detail, problem.Detail);
    }

    private void Round(BalancingPolicy policy, params Recommendation[] rows)
    {
        _cluster.Decide(policy, rows);
        _cluster.Act();
    }

    private async Task<string> WhyAsync(string name) =>
        string.Join('\n', (await _bench.GetAsync($"/api/v1/why/{name}", AdminJson.Default.WhyView)).Sentences);
}
