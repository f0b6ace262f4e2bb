using ShardStore.Balancer.Evaluation;
using Xunit;

namespace ShardStore.Balancer.Tests.Evaluation;

/// <summary>The protocol on traces so simple that every figure can be worked out by hand.</summary>
public class ProtocolTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void The_parts_of_a_ramp_are_where_the_protocol_puts_them()
    {
        var task = new ProtocolTask(MadeTrace.Single(100, 20, i => i), 0);
        Assert.Equal(60, task.TrainCount);
        Assert.Equal(20, task.Season);
        Assert.Equal(30, task.Context);
        Assert.Equal(new OriginRange(29, 29, 1), task.CalibrationOrigins);
        Assert.Equal(new OriginRange(59, 69, 1), task.TestOrigins);
        Assert.Equal(1, task.Scale);
        Assert.Equal(20, task.SeasonScale);
        Assert.Equal(53.1, task.Threshold, Tolerance);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(21)]
    public void A_season_that_the_train_part_does_not_hold_three_times_is_none(int season)
        => Assert.Equal(1, new ProtocolTask(MadeTrace.Single(100, season, i => i), 0).Season);

    /// <summary>Repeating the last value of i is wrong by h at step h, and always the same, so that its band is exact.
    /// Everything is an overload, nothing quiet.</summary>
    [Fact]
    public void The_naive_method_on_a_ramp()
    {
        var naive = MadeTrace.Evaluate(MadeTrace.Single(100, 0, i => i), "naive").Of("naive");
        Assert.Equal(11, naive.Origins);
        Assert.Equal([1, 3.5, 6.5, 15.5], new[] { 1, 6, 12, 30 }.Select(h => SeriesScores.MeanTo(naive.Errors, h)));
        Assert.All(naive.Pinballs, loss => Assert.Equal(0, loss));
        Assert.All(naive.Covered, share => Assert.Equal(1, share));
        Assert.Equal(new AlarmScores(new AlarmCounts(11, 0, 0), default, 0, 0), naive.Point);
        Assert.Equal(naive.Point, naive.High);
        Assert.Null(naive.Point.Quiet.F1);
        Assert.Equal(0, naive.Onsets);
    }

    /// <summary>A spike at 86 in a load of 1, 2, 1, 2. The upper quantile at odd steps is the last value plus 1, so
    /// that each 2 is an alarm; the point alarms only at the spike itself, too late.</summary>
    [Fact]
    public void The_naive_method_before_a_spike()
    {
        var trace = MadeTrace.Single(120, 0, i => i == 86 ? 10 : MadeTrace.Alternating(i));
        var naive = MadeTrace.Evaluate(trace, "naive").Of("naive");
        Assert.Equal(19, naive.Origins);
        Assert.Equal(1, naive.Onsets);
        Assert.Equal(33 / 19.0, naive.Errors[0], Tolerance);
        Assert.Equal(9 / 19.0, naive.Pinballs[0], Tolerance);
        Assert.Equal(18 / 19.0, naive.Covered[0], Tolerance);
        Assert.Equal(new AlarmCounts(0, 1, 12), naive.Point.All);
        Assert.Equal(new AlarmCounts(0, 0, 12), naive.Point.Quiet);
        Assert.Equal((0, 0), (naive.Point.OnsetsSeen, naive.Point.LeadSteps));
        Assert.Equal(new AlarmCounts(6, 5, 6), naive.High.All);
        Assert.Equal(new AlarmCounts(6, 2, 6), naive.High.Quiet);
        Assert.Equal(0.6, naive.High.Quiet.F1!.Value, Tolerance);
        Assert.Equal((1, 11), (naive.High.OnsetsSeen, naive.High.LeadSteps));
    }

    [Fact]
    public void The_seasonal_method_is_never_wrong_on_a_load_that_repeats_itself()
    {
        var scores = MadeTrace.Evaluate(MadeTrace.Single(200, 24, i => i * 7 % 24), "snaive");
        Assert.All(scores.Of("snaive").Errors, error => Assert.Equal(0, error));
        Assert.All(scores.Of("naive").Errors.Take(23), error => Assert.True(error > 0));
    }

    [Fact]
    public void The_mean_lies_in_the_middle_and_smoothing_follows_a_ramp_as_closely_as_it_can()
    {
        var mean = MadeTrace.Evaluate(MadeTrace.Single(100, 0, MadeTrace.Alternating), "mean12").Of("mean12");
        Assert.All(mean.Errors, error => Assert.Equal(0.5, error, Tolerance));
        var ramp = MadeTrace.Evaluate(MadeTrace.Single(100, 0, i => i), "ses");
        Assert.Equal(ramp.Of("naive").Errors, ramp.Of("ses").Errors);
    }

    /// <summary>Twenty shards, two of them hot. Shard 17 is hot through step 129; a forecast that repeats the last
    /// value names it until then, and is half wrong at the four origins from 126 on, when its next hour is no
    /// longer hot.</summary>
    [Fact]
    public void Hot_shards_are_hit_where_the_forecast_names_those_that_will_be()
    {
        int[] levels = [.. Enumerable.Range(0, 18), 21, 100];
        var trace = MadeTrace.Wide(200, 0, [.. levels.Select((level, shard) =>
            (Func<int, double>)(i => (shard != 17 ? level : i < 130 ? 50 : 10) + MadeTrace.Alternating(i)))]);
        Assert.Equal(49 / 51.0, MadeTrace.Evaluate(trace, "naive").HotHits["naive"], Tolerance);
    }

    [Fact]
    public void Of_shards_with_equal_demand_the_first_are_the_hot_ones()
    {
        var trace = MadeTrace.Wide(120, 0, [.. Enumerable.Repeat<Func<int, double>>(MadeTrace.Alternating, 11)]);
        Assert.Equal(1, MadeTrace.Evaluate(trace, "mean12").HotHits["mean12"]);
    }

    [Fact]
    public void A_set_takes_the_geometric_mean_of_errors_and_the_sum_of_counts()
    {
        var files = new[]
        {
            MadeTrace.Evaluate(MadeTrace.Single(100, 0, MadeTrace.Alternating, "a"), "mean12"),
            MadeTrace.Evaluate(MadeTrace.Single(100, 0, i => i, "b"), "mean12"),
        };
        var set = Assert.Single(SetScores.Of(files));
        var mean = set.Methods.Single(method => method.Method == "mean12");
        Assert.Equal((SetScores.SingleSet, 2, 0), (set.Set, set.SeriesCount, set.UnmovedCount));
        Assert.Equal(Math.Sqrt(1 * (12 / 6.5)), mean.RelativeErrorsTo[11], Tolerance);
        Assert.Equal((0.5 + 12) / 2, mean.Error, Tolerance);
        Assert.Null(mean.HotHit);
        Assert.Null(mean.HighLead);
    }

    [Fact]
    public void What_cannot_be_evaluated_is_left_out_with_the_reason()
    {
        var constant = MadeTrace.Evaluate(MadeTrace.Single(200, 0, i => i < 130 ? 5 : i), "naive");
        Assert.Equal(["made: constant in the train part"], constant.LeftOut);
        var tooShort = MadeTrace.Evaluate(MadeTrace.Single(98, 0, i => i), "naive");
        Assert.Equal(["made: 98 points, at least 99 are needed"], tooShort.LeftOut);
        var column = MadeTrace.Evaluate(MadeTrace.Wide(99, 0, [i => i, _ => 3]), "naive");
        Assert.Equal(["made/s01: constant in the train part"], column.LeftOut);
        Assert.Equal(11, column.Of("naive").Origins);
        Assert.Empty(Assert.Single(SetScores.Of([constant])).Methods);
    }
}
