using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>How a replay is judged, on figures that are known.</summary>
public sealed class ForesightJudgeTests
{
    private const int StepMs = 1_000;
    private const int Steps = 100;
    private const int Horizon = 30;
    private const int Breach = 70;
    private static readonly TimeRange All = new(0, Steps * StepMs);

    [Fact]
    public void The_error_of_demand_is_held_against_the_step_that_was_meant()
    {
        var came = new Dictionary<int, MeasuredSteps> { [1] = Line(step => 100 + step) };
        // Right in the step that is asked about, and in no other; the last value is 100 + step - 1.
        var forecasts = Enumerable.Range(1, 60).Select(step => Forecast(
            step, ahead => ahead == Horizon ? 1.1 * (100 + step + Horizon - 1) : 0));
        var errors = ForecastErrors.OfDemand(forecasts, came, Horizon, All);
        Assert.Equal(60, errors.Count);
        Assert.Equal(0.1, errors.Median, 3);
        Assert.InRange(errors.MedianIfNothingChanged, 0.16, 0.22);
        Assert.Equal(1, ForecastErrors.OfDemand(forecasts, came, 12, All).Median);
    }

    [Fact]
    public void What_was_made_or_came_outside_the_range_does_not_count()
    {
        var came = new Dictionary<int, MeasuredSteps> { [1] = Line(_ => 50) };
        var forecasts = Enumerable.Range(0, Steps).Select(step => Forecast(step, _ => 50)).ToArray();
        var range = new TimeRange(20 * StepMs, 60 * StepMs);
        // Made from step 20 on, and the step 29 after the first one over by 60.
        Assert.Equal(11, ForecastErrors.OfDemand(forecasts, came, Horizon, range).Count);
    }

    [Fact]
    public void The_error_of_use_is_held_against_the_smoothed_use_around_its_time()
    {
        var came = new Dictionary<string, MeasuredSteps> { ["n1"] = Line(step => step == 50 ? 9 : 0.4) };
        var outlooks = Enumerable.Range(0, 60).Select(step => Outlook(step, 0.5, use: 0.5));
        var errors = ForecastErrors.OfUse(outlooks, came, Horizon, All);
        Assert.Equal(60, errors.Count);
        Assert.Equal(0.25, errors.Median, 3);
        Assert.Equal(0.5, errors.MedianIfNothingChanged, 3);
    }

    [Fact]
    public void A_breach_is_where_the_smoothed_use_passes_to_stay_and_not_a_few_steps()
    {
        var judge = new BreachJudge([Outlook(0, 0, 0.2)], Line(step => step is >= 30 and < 34 ? 2 : Rising(step)), All);
        Assert.Equal(Breach * StepMs, judge.BreachMs());
        Assert.Null(new BreachJudge([Outlook(0, 0, 0.2)], Line(_ => 0.8), All).BreachMs());
    }

    [Fact]
    public void The_limit_is_the_one_that_holds_in_the_range()
    {
        var range = All with { FromMs = 20 * StepMs };
        var outlooks = Calls(_ => false).Select((outlook, step) => outlook with { Threshold = step < 20 ? 1 : 0.8 });
        Assert.Equal(Breach * StepMs, new BreachJudge([.. outlooks], Line(Rising), range).BreachMs());
    }

    [Theory]
    [InlineData(50, 200, 20)]
    [InlineData(10, 200, 30)]
    [InlineData(50, 60, 9)]
    [InlineData(80, 200, 0)]
    [InlineData(50, 69, 0)]
    public void The_lead_is_that_of_the_call_that_was_kept_up(int from, int doubtAt, int leadSteps)
    {
        var judge = new BreachJudge(Calls(step => step >= from && step != doubtAt), Line(Rising), All);
        Assert.Equal(leadSteps * StepMs, judge.LeadMs(Breach * StepMs));
    }

    [Fact]
    public void What_was_said_of_the_moment_is_that_of_the_first_call_that_was_kept_up()
    {
        var outlooks = Calls(step => step >= 50)
            .Select((outlook, step) => outlook with { BreachUnixMsP50 = step >= 50 ? (step + 16) * StepMs : null });
        Assert.Equal(-4 * StepMs, new BreachJudge([.. outlooks], Line(Rising), All).OffMs(Breach * StepMs));
        Assert.Null(new BreachJudge(Calls(_ => false), Line(Rising), All).OffMs(Breach * StepMs));
    }

    [Fact]
    public void Every_outlook_is_counted_by_what_came_in_its_horizon_as_far_as_that_was_seen()
    {
        // The breach is in the horizon of the outlooks from 41 on; called from 31 to 79 without 60.
        var judge = new BreachJudge(Calls(step => step is > 30 and < 80 and not 60), Line(Rising), All);
        var counts = judge.Count();
        Assert.Equal(new CallCounts(Right: 38, False: 10, Missed: 21, Quiet: 31), counts);
        Assert.Equal(Steps, counts.Right + counts.False + counts.Missed + counts.Quiet);

        // Of the last thirty nobody knows.
        var quiet = new BreachJudge(Calls(_ => true), Line(_ => 0.1), All).Count();
        Assert.Equal(new CallCounts(0, Steps - Horizon + 1, 0, 0), quiet);
    }

    private static double Rising(int step) => step >= Breach ? 0.9 : 0.5;

    private static MeasuredSteps Line(Func<int, double> valueAt) =>
        new(0, StepMs, [.. Enumerable.Range(0, Steps).Select(step => (double?)valueAt(step))]);

    private static NodeForecastView[] Calls(Func<int, bool> isCalled) =>
        [.. Enumerable.Range(0, Steps).Select(step => Outlook(step, isCalled(step) ? 0.9 : 0.1, 0.5))];

    private static NodeForecastView Outlook(int step, double probability, double use) => new()
    {
        Node = "n1",
        Metric = "cpuShare",
        StepSeconds = StepMs / 1000.0,
        StartUnixMs = step * StepMs,
        Current = 0.2,
        Threshold = 0.8,
        Median = [.. Enumerable.Repeat(use, Horizon)],
        High = [],
        HighLevel = 0.9,
        OverloadProbability = probability,
        PeakUnixMs = 0,
        Parts = [],
        BackgroundShare = 0,
        UntrustedShare = 0,
    };

    private static ForecastView Forecast(int step, Func<int, double> medianAt) => new()
    {
        Shard = 1,
        Metric = "opsPerSecond",
        StepSeconds = StepMs / 1000.0,
        StartUnixMs = step * StepMs,
        Levels = [0.1, 0.5, 0.9],
        Values = [.. Enumerable.Range(1, Horizon).Select(ahead => (double[])[-1, medianAt(ahead), 1e9])],
        Method = "combination",
        State = "ok",
    };
}
