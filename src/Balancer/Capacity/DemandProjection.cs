using ShardStore.Balancer.Forecasting;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Capacity;

/// <summary>
/// The demand of the days to come, as far as the past and operators tell it. Each shard's last week comes again and
/// again, or its last day where less than a week is known, and grows: as a profile declares, as far as that came true
/// so far, or else as its own days did (<see cref="MeasuredGrowth"/>). What profiles say is taken out of the past first
/// and put back where they say it. No chance is in it: a load that never came before does not come.
/// </summary>
internal static class DemandProjection
{
    private const int WeekDays = 7;

    /// <summary>As in generated loads: real ones are no straight lines between their steps either.</summary>
    private const double Jitter = 0.03;

    private const ulong JitterSeed = 1;

    private static readonly double[] s_levels = [0.5];

    /// <summary>Steps that are taken again: whole weeks repeat themselves better than days do.</summary>
    public static int Period(CapacityInput input)
    {
        var week = WeekDays * input.DaySteps;
        return input.HistorySteps >= week ? week : Math.Min(input.DaySteps, input.HistorySteps);
    }

    /// <summary>History and projection, shards in the order of the snapshot's ids; what comes is scored.</summary>
    public static DemandTable Of(CapacityInput input, BalancingPolicy policy)
    {
        var ids = input.Snapshot.Shards.Select(shard => shard.Id).Order().ToArray();
        var known = Array.ConvertAll(ids, id => KnownUsage.Of(policy.Profiles, id.Value));
        var points = new float[ids.Length][];
        for (var shard = 0; shard < ids.Length; shard++)
        {
            var past = input.History.GetValueOrDefault(ids[shard]) ?? new double[input.HistorySteps];
            double[] all = [.. past, .. Ahead(input, past, known[shard])];
            points[shard] = Array.ConvertAll(all, value => (float)value);
        }
        return new DemandTable("projection", points, input.HistorySteps, input.StepSeconds)
        {
            SeasonSteps = input.SeasonSteps,
            FirstStep = input.FirstStep,
            Jitter = Jitter,
            JitterSeed = JitterSeed,
            Known = known,
        };
    }

    /// <summary>The mean of all demand that comes against what is repeated of the past, as a share of change a day.
    /// </summary>
    public static double GrowthPerDay(CapacityInput input, DemandTable table)
    {
        var (period, ahead) = (Period(input), table.ScoredSteps);
        var (then, now, days) = (0.0, 0.0, 0.0);
        for (var step = 0; step < ahead; step++)
        {
            var back = period * ((step / period) + 1);
            days += (double)back / input.DaySteps / ahead;
            for (var shard = 0; shard < table.Shards; shard++)
            {
                then += table.Point(shard, input.HistorySteps + step);
                now += table.Point(shard, input.HistorySteps + step - back);
            }
        }
        return now > 0 ? Math.Pow(then / now, 1 / days) - 1 : 0;
    }

    /// <summary>One step more than there are days for: the last point ends the last step.</summary>
    private static double[] Ahead(CapacityInput input, double[] past, KnownUsage? usage)
    {
        var history = new LoadHistory(past.Length);
        for (var i = 0; i < past.Length; i++)
            history.TryAppend(input.FirstStep + i, past[i]);
        var shape = new SeriesShape(input.StepSeconds, input.SeasonSteps, 0);
        var view = new SeriesView(new SeriesId(1), history, shape) { Usage = usage };
        var adjustment = usage is null ? null : new UsageAdjustment(view);
        var values = (adjustment?.Adjusted ?? history).Values;
        var growth = usage is { LogGrowthPerDay: not 0 } ? 0 : MeasuredGrowth.LogPerDay(values, input.DaySteps);
        var period = Period(input);
        var ahead = new double[(input.Days * input.DaySteps) + 1];
        for (var i = 0; i < ahead.Length; i++)
        {
            var back = period * ((i / period) + 1);
            ahead[i] = values[values.Length - period + (i % period)] * Math.Exp(growth * back / input.DaySteps);
        }
        var forecast = new QuantileForecast(input.StepSeconds, s_levels, ahead, "projection", ForecastState.Ok);
        return adjustment?.Reapply(forecast).Forecast.Values ?? ahead;
    }
}
