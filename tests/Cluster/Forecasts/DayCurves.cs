using System.Globalization;
using System.Text;

namespace ShardStore.Cluster.Tests.Forecasts;

/// <summary>Four days of a day curve with noise up to now, another one a shard, as `ctl series import` takes it.
/// </summary>
internal static class DayCurves
{
    public const int StepSeconds = 300;
    public const int Steps = 4 * DaySteps;
    private const int DaySteps = 86_400 / StepSeconds;

    public static string Trace(int shards)
    {
        var last = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / StepSeconds) - 1;
        var text = new StringBuilder("timestamp");
        for (var shard = 1; shard <= shards; shard++)
            text.Append(CultureInfo.InvariantCulture, $",s{shard}");
        for (var step = last - Steps + 1; step <= last; step++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{step * StepSeconds}");
            for (var shard = 1; shard <= shards; shard++)
            {
                var noise = new Random((int)((step * 7) + shard)).NextDouble();
                var wave = 1 + Math.Sin((2 * Math.PI * step / DaySteps) + shard);
                text.Append(CultureInfo.InvariantCulture, $",{1000 + (400 * shard * wave) + (100 * noise):0.###}");
            }
        }
        return text.Append('\n').ToString();
    }
}
