using ShardStore.Balancer.Forecasting;
using Xunit;

namespace ShardStore.Balancer.Tests;

/// <summary>What the last moves and the forecasts say of the balancing itself.</summary>
public class BalancingRecordTests
{
    private const long HourMs = 3_600_000;

    [Theory]
    [InlineData(5, 0, true)]
    [InlineData(4, 0, false)]
    [InlineData(1, 2, true)]
    [InlineData(1, 1, false)]
    public void A_shard_that_goes_to_and_fro_is_found(int onwards, int back, bool isFound)
    {
        var moves = new List<FinishedMove>();
        // Onwards round a circle of nodes, then to and fro between the last two.
        for (var i = 0; i < onwards; i++)
            moves.Add(Move(1, i + 1, i + 2, endedMs: i * 1000));
        for (var i = 0; i < back; i++)
            moves.Add(new FinishedMove(
                moves[^1].Shard, moves[^1].To, moves[^1].From, MoveKind.LeaderTransfer, moves[^1].EndedMs + 1000));
        moves.Add(Move(2, 1, 2, endedMs: 0));

        var found = ThrashRule.Find(Enumerable.Reverse(moves), nowMs: 60_000);

        Assert.Equal(isFound ? [new ShardThrash(new ShardId(1), onwards + back, back)] : [], found);
    }

    [Fact]
    public void What_was_more_than_an_hour_ago_is_forgotten()
    {
        FinishedMove[] moves = [.. Enumerable.Range(0, 5).Select(i => Move(1, i + 1, i + 2, endedMs: i))];
        Assert.Single(ThrashRule.Find(moves, HourMs - 1));
        Assert.Empty(ThrashRule.Find(moves, HourMs));
    }

    [Theory]
    [InlineData(8, 0, 3, true)]
    [InlineData(9, 0, 3, false)]
    // Too few to say.
    [InlineData(3, 0, 4, false)]
    // Needless ones are no failures.
    [InlineData(0, 12, 4, false)]
    [InlineData(0, 11, 4, true)]
    public void Moves_that_did_not_help_are_counted_against_all_that_were_judged(
        int helped, int needless, int failed, bool failsOften)
    {
        var tally = OutcomeTally.Of([
            .. Many(helped, MoveHelp.Yes, 0.5), .. Many(needless, MoveHelp.NotNeeded, 0.5),
            .. Many(failed, MoveHelp.No, 0.5), .. Many(30, MoveHelp.CannotTell, 0.5), .. Many(5, MoveHelp.Ordered, 1)]);
        Assert.Equal((helped, needless, failed), (tally.Helped, tally.Needless, tally.Failed));
        Assert.Equal(failsOften, tally.FailsOften);
    }

    [Theory]
    // Against chances of 1 in 10 nothing of ten need come; against 9 in 10 it must.
    [InlineData(0.1, 0, false)]
    [InlineData(0.9, 0, true)]
    [InlineData(0.9, 9, false)]
    [InlineData(0.5, 1, true)]
    [InlineData(0.5, 2, false)]
    public void Needless_moves_count_against_the_chances_they_were_made_for(
        double chance, int needed, bool isTooRare)
    {
        var tally = OutcomeTally.Of([
            .. Many(10 - needed, MoveHelp.NotNeeded, chance), .. Many(needed, MoveHelp.Yes, chance)]);
        Assert.Equal(chance * 10, tally.NeededPromised, 9);
        Assert.Equal(isTooRare, tally.IsNeededTooRarely);
    }

    [Fact]
    public void Only_the_newest_moves_count()
    {
        var tally = OutcomeTally.Of([.. Many(20, MoveHelp.No, 0.5), .. Many(20, MoveHelp.Yes, 0.5)]);
        Assert.Equal((20, 20, 0), (tally.Judged, tally.Helped, tally.Failed));
    }

    [Fact]
    public void Coverage_is_of_the_acting_quantile_and_weighed_by_load()
    {
        var busy = Series(1, ops: 900, share: 0.7, compared: 60);
        var quiet = Series(2, ops: 100, share: 1.0, compared: 60);
        var found = CoverageRule.Of([busy, quiet], actQuantile: 0.92)!;
        Assert.Equal((0.9, new ShardId(1), 0.7), (found.Level, found.Worst, found.WorstShare));
        Assert.Equal(0.73, found.Share, 9);
        Assert.True(found.IsTooLow);
        Assert.False(CoverageRule.Of([Series(1, 900, 0.81, 60)], 0.9)!.IsTooLow);
    }

    [Fact]
    public void Nothing_is_said_of_forecasts_that_were_compared_too_rarely_or_never_or_of_no_load()
    {
        Assert.Null(CoverageRule.Of(
            [Series(1, 900, 0.1, compared: 47), Series(2, 900, double.NaN, 0), Series(3, 0, 0.1, 60)], 0.9));
        Assert.Null(CoverageRule.Of([], 0.9));
    }

    private static FinishedMove Move(int shard, int from, int to, long endedMs) =>
        new(new ShardId(shard), new NodeId(from), new NodeId(to), MoveKind.LeaderTransfer, endedMs);

    private static IEnumerable<JudgedMove> Many(int count, MoveHelp help, double chance) =>
        Enumerable.Repeat(new JudgedMove(help, chance), count);

    private static SeriesForecast Series(int id, double ops, double share, double compared) => new(
        new SeriesId(id),
        new QuantileForecast(300, [0.1, 0.5, 0.9], [0, ops, 2 * ops], "test", ForecastState.Ok), [])
    {
        Coverage = [new LevelCoverage(0.1, 0.1, compared), new LevelCoverage(0.5, 0.5, compared),
            new LevelCoverage(0.9, share, compared)],
    };
}
