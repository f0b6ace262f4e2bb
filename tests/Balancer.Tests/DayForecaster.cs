namespace ShardStore.Balancer.Tests;

/// <summary>The plainest forecast that knows the day: the same minute yesterday, times how much today differs from
/// yesterday over the last quarter of an hour. Spread by rule of thumb. It sees the past only.</summary>
internal sealed class DayForecaster(DemandScript script)
{
    private const int DayTicks = 1440;
    private const int StepTicks = 5;
    private const int Steps = 12;
    private const int LevelTicks = 15;

    private static readonly double[] s_levels = [0.1, 0.5, 0.9];

    public QuantileForecast Forecast(int shard, int tick)
    {
        double today = 0, yesterday = 0;
        for (var back = 0; back < LevelTicks; back++)
        {
            today += script.Ops(shard, tick - back);
            yesterday += script.Ops(shard, tick - back - DayTicks);
        }
        var ratio = today / Math.Max(1, yesterday);
        var values = new double[Steps * 3];
        for (var step = 0; step < Steps; step++)
        {
            var level = ratio * Mean(shard, tick - DayTicks + (step * StepTicks) + 1);
            var spread = level * (0.05 + (0.005 * step));
            values[step * 3] = level - spread;
            values[(step * 3) + 1] = level;
            values[(step * 3) + 2] = level + spread;
        }
        return new QuantileForecast(StepTicks * 60, s_levels, values, "yesterday", ForecastState.Ok);
    }

    private double Mean(int shard, int first)
    {
        var sum = 0.0;
        for (var tick = first; tick < first + StepTicks; tick++)
            sum += script.Ops(shard, tick);
        return sum / StepTicks;
    }
}
