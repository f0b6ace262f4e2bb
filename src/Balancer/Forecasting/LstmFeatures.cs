using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// What the model sees of a history; training/features.py does the same arithmetic and says why. Everything is a
/// difference to the last value, divided by the mean absolute deviation of the recent past. The season enters as
/// values: the same steps one season earlier (lag) and their mean over up to seven seasons (profile).
/// </summary>
internal static class LstmFeatures
{
    public const string Layout = "1";
    public const int Window = 96;
    public const int Width = (Window * 3) + (ForecastLevels.StepsMax * 2) + 2 + Statics;

    private const int Context = 288;
    private const int ProfileSeasons = 7;
    private const int Statics = 6;
    private const double Clip = 1e4;

    /// <summary>Fills one row. The scale is 0 where the context does not move, and not finite where its values are
    /// beyond arithmetic: the row is of no use in both cases. At least <see cref="Window"/> values.</summary>
    public static double Fill(ReadOnlySpan<double> history, int season, Span<float> row)
    {
        var last = history[^1];
        var (mean, scale) = Spread(history[Math.Max(0, history.Length - Context)..]);
        if (scale == 0 || !double.IsFinite(scale))
        {
            return scale;
        }

        var seasons = season > 1 ? Math.Clamp((history.Length - Window) / season, 0, ProfileSeasons) : 0;
        Span<double> agreement = stackalloc double[3];
        var window = row[..(Window * 3)];
        double previous = 0;
        for (var i = 0; i < Window; i++)
        {
            var ahead = i - (Window - 1);
            var value = (history[history.Length - Window + i] - last) / scale;
            var (lag, profile) = Seasonal(history, ahead, season, seasons);
            (lag, profile) = seasons == 0 ? (0, 0) : ((lag - last) / scale, (profile - last) / scale);
            window[i * 3] = Narrow(value);
            window[(i * 3) + 1] = Narrow(lag);
            window[(i * 3) + 2] = Narrow(profile);
            agreement[0] += i == 0 ? 0 : Math.Abs(value - previous) / (Window - 1);
            agreement[1] += seasons == 0 ? 0 : Math.Abs(value - lag) / Window;
            agreement[2] += seasons == 0 ? 0 : Math.Abs(value - profile) / Window;
            previous = value;
        }

        var future = row.Slice(Window * 3, ForecastLevels.StepsMax * 2);
        for (var h = 1; h <= ForecastLevels.StepsMax; h++)
        {
            var (lag, profile) = Seasonal(history, h, season, seasons);
            future[(h - 1) * 2] = seasons == 0 ? 0 : Narrow((lag - last) / scale);
            future[((h - 1) * 2) + 1] = seasons == 0 ? 0 : Narrow((profile - last) / scale);
        }

        var rest = row[^(2 + Statics)..];
        window.Slice((Window - 1) * 3 + 1, 2).CopyTo(rest);
        rest[2] = seasons == 0 ? 0 : 1;
        rest[3] = seasons / (float)ProfileSeasons;
        rest[4] = Narrow(agreement[0]);
        rest[5] = Narrow((mean - last) / scale);
        rest[6] = Narrow(agreement[1]);
        rest[7] = Narrow(agreement[2]);
        return scale;
    }

    private static (double Mean, double Scale) Spread(ReadOnlySpan<double> context)
    {
        var mean = TensorPrimitives.Sum(context) / context.Length;
        var deviation = 0.0;
        foreach (var value in context)
        {
            deviation += Math.Abs(value - mean);
        }

        return (mean, deviation / context.Length);
    }

    /// <summary>Lag and profile <paramref name="ahead"/> steps after the last value (negative: in the past).</summary>
    private static (double Lag, double Profile) Seasonal(
        ReadOnlySpan<double> history, int ahead, int season, int seasons)
    {
        if (seasons == 0)
        {
            return (0, 0);
        }

        // A season may be shorter than the horizon: then the nearest known one is more than one season away.
        var nearest = ahead > 0 ? (ahead + season - 1) / season : 1;
        var here = history.Length - 1 + ahead;
        var lag = history[Math.Max(here - (nearest * season), 0)];
        double total = 0;
        for (var k = nearest; k <= seasons; k++)
        {
            total += history[here - (k * season)];
        }

        return (lag, nearest <= seasons ? total / (seasons - nearest + 1) : lag);
    }

    private static float Narrow(double value) => (float)Math.Clamp(value, -Clip, Clip);
}
