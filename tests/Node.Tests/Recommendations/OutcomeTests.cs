using ShardStore.Balancer;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;
using static ShardStore.Node.Tests.Recommendations.Rows;

namespace ShardStore.Node.Tests.Recommendations;

/// <summary>What came of a move, from the cluster's own load history. Shard 1 is asked for 110 ops/s all the time,
/// which were 0.3 of n1's capacity.</summary>
public sealed class OutcomeTests
{
    private static readonly int[] s_all = [1, 2, 3, 4];
    private readonly TestCluster _cluster = new();

    [Theory]
    [InlineData(0.6f, MoveHelp.Yes, 0.9)]
    [InlineData(0.25f, MoveHelp.NotNeeded, 0.55)]
    public void A_move_is_judged_once_its_horizon_has_passed(float cpu, MoveHelp verdict, double without)
    {
        Begin();
        _cluster.Pass(13 * 60, cpu, s_all);
        Assert.DoesNotContain(Round(), command => command is JudgeRecommendation);
        Assert.Null(_cluster.Only().Outcome);
        _cluster.Pass(3 * 60, cpu, s_all);
        Assert.Single(Round(), command => command is JudgeRecommendation);

        var record = _cluster.Only();
        var outcome = record.Outcome!;
        Assert.Equal((verdict, 1.0), (outcome.Help, outcome.MeasuredShare));
        Assert.Equal((record.Expected!.BreachMs, record.Expected.HorizonMs), (outcome.FromMs, outcome.ToMs));
        Assert.Equal(cpu, outcome.SourcePeak, 0.001);
        Assert.Equal(without, outcome.SourcePeakWithout, 0.001);
        Assert.Equal(cpu - 0.3, outcome.TargetPeakWithout, 0.06);
        Assert.DoesNotContain(Round(), command => command is JudgeRecommendation);
    }

    [Fact]
    public void The_next_controller_judges_by_the_replicated_history()
    {
        Begin();
        _cluster.Pass(16 * 60, 0.6f, s_all);
        _cluster.ChangeController();
        Round();
        Assert.Equal(MoveHelp.Yes, _cluster.Only().Outcome!.Help);
    }

    [Fact]
    public void A_source_that_fell_silent_leaves_it_open()
    {
        Begin();
        _cluster.Pass(16 * 60, 0.6f, 2, 3, 4);
        Round();
        Assert.Equal(MoveHelp.CannotTell, _cluster.Only().Outcome!.Help);
    }

    [Fact]
    public void The_time_ends_when_the_shard_moves_again()
    {
        Begin();
        _cluster.Pass(7 * 60, 0.6f, s_all);
        var againMs = _cluster.WallMs;
        Assert.True(_cluster.Apply(new StartMigration(MoveKind.LeaderTransfer, 1, 1, 3, "by hand", 0)).Ok);
        _cluster.Pass(3 * 60, 0.6f, s_all);
        Round();
        var outcome = _cluster.Only().Outcome!;
        Assert.Equal((MoveHelp.Yes, againMs), (outcome.Help, outcome.ToMs));
    }

    [Fact]
    public void A_later_move_off_the_same_node_has_the_credit_for_what_it_took()
    {
        Begin();
        _cluster.Decide(Automatic, Row(_cluster, shard: 5, to: 3));
        _cluster.Act();
        _cluster.End(2);
        // Shard 5 is asked for 510 ops/s: at the price of the row it had 1.39 of the source.
        _cluster.Pass(16 * 60, 0.25f, s_all);
        Round();
        var (first, second) = (_cluster.State.Recommendations[1].Outcome!, _cluster.State.Recommendations[2].Outcome!);
        Assert.Equal(0.25 + (0.3 * 510 / 110) + 0.3, first.SourcePeakWithout, 0.01);
        Assert.Equal(0.25 + (0.3 * 510 / 110), second.SourcePeakWithout, 0.01);
    }

    private void Begin()
    {
        // To the minute, so that the steps of the history are those of the row's times.
        _cluster.WallMs += MinuteMs - (_cluster.WallMs % MinuteMs);
        _cluster.Decide(Automatic, Row(_cluster));
        _cluster.Act();
        _cluster.End(1);
    }

    private List<MetaCommand> Round()
    {
        _cluster.Decide(Automatic);
        return [.. _cluster.Act().Select(done => done.Command)];
    }
}
