using ShardStore.Balancer;
using ShardStore.Balancer.Forecasting;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Tests.Admin;
using static ShardStore.Node.Tests.Recommendations.Rows;

namespace ShardStore.Node.Tests.Recommendations;

/// <summary>Alerts about the balancing itself, each with what to do.</summary>
public sealed class BalancingAlertTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private AdminBench _bench = null!;
    private long _moves;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync(_cluster.SourceOf(1));

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    public async Task Shards_that_go_to_and_fro_within_an_hour()
    {
        for (var i = 0; i < 4; i++)
            Move(byHand: true);
        Assert.Empty(await AlertsAsync("thrash"));
        for (var i = 0; i < 5; i++)
            Move();
        var alert = Assert.Single(await AlertsAsync("thrash"));
        Assert.Equal((1, 5.0, 4.0, "warning"), (alert.Shard, alert.Value, alert.Limit, alert.Severity));
        Assert.Contains("shard 1 was moved 5 times within an hour", alert.Text);
        Assert.Contains("raise limits.cooldownSeconds", alert.Text);
        _cluster.WallMs += 60 * MinuteMs;
        Assert.Empty(await AlertsAsync("thrash"));
    }

    [Fact]
    public async Task Moves_that_do_not_help()
    {
        for (var i = 0; i < 6; i++)
            Judge(MoveHelp.Yes);
        for (var i = 0; i < 2; i++)
            Judge(MoveHelp.No);
        Assert.Empty(await AlertsAsync("movesDoNotHelp"));
        Judge(MoveHelp.No);
        var alert = Assert.Single(await AlertsAsync("movesDoNotHelp"));
        Assert.Equal((3 / 9.0, 0.25), (alert.Value, alert.Limit));
        Assert.Contains("3 of the last 9 moves that were judged did not help: see `ctl outcomes`", alert.Text);
        Assert.Empty(await AlertsAsync("movesNotNeeded"));
    }

    [Fact]
    public async Task Moves_that_were_not_needed_although_their_forecasts_were_sure()
    {
        for (var i = 0; i < 7; i++)
            Judge(MoveHelp.NotNeeded);
        Assert.Empty(await AlertsAsync("movesNotNeeded"));
        Judge(MoveHelp.NotNeeded);
        var alert = Assert.Single(await AlertsAsync("movesNotNeeded"));
        Assert.Contains("last 8 moves that were judged 0 were needed, where their forecasts promised 7.2", alert.Text);
        Assert.Contains("lower triggers.actQuantile", alert.Text);
    }

    [Theory]
    [InlineData(0.79, true)]
    [InlineData(0.85, false)]
    public async Task Forecasts_that_cover_less_than_they_promise(double share, bool isTold)
    {
        _cluster.Decide(BalancingPolicy.Default);
        _cluster.Forecast(new SeriesForecast(
            new SeriesId(3), new QuantileForecast(60, [0.5, 0.9], [100, 200], "test", ForecastState.Ok), [])
        {
            Coverage = [new LevelCoverage(0.5, 0.5, 100), new LevelCoverage(0.9, share, 100)],
        });
        var alerts = await AlertsAsync("forecastError");
        Assert.Equal(isTold, alerts.Count == 1);
        if (isTold)
        {
            Assert.Contains("should cover 90 % of what comes cover 79 % of it, of shard 3 79 %", alerts[0].Text);
            Assert.Contains("lower triggers.threshold", alerts[0].Text);
        }
    }

    /// <summary>The leadership of shard 1 goes from n1 to n2 on record; who leads does not change.</summary>
    private void Move(bool byHand = false)
    {
        _cluster.WallMs += 1000;
        Assert.True(_cluster.Apply(new StartMigration(MoveKind.LeaderTransfer, 1, 1, 2, "x", 1)
        {
            PolicyVersion = byHand ? null : 3,
        }).Ok);
        _cluster.End(++_moves);
    }

    private void Judge(MoveHelp help)
    {
        // Hours apart: no thrash.
        _cluster.WallMs += 2 * 60 * MinuteMs;
        _cluster.Decide(Automatic, Row(_cluster));
        _cluster.Act();
        _cluster.End(++_moves);
        Assert.True(_cluster.Apply(new JudgeRecommendation(_moves, new MoveOutcome(help))).Ok);
    }

    private async Task<IReadOnlyList<AlertView>> AlertsAsync(string kind)
    {
        var all = await _bench.GetAsync("/api/v1/alerts", AdminJson.Default.IReadOnlyListAlertView);
        return [.. all.Where(alert => alert.Kind == kind)];
    }
}
