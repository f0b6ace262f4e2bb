using System.Globalization;

namespace ShardStore.Balancer.Forecasting;

/// <summary>Which candidate acts, and the sentence that says why.</summary>
internal readonly record struct ForecastChoice(int Candidate, string Reason);

/// <summary>
/// A model acts for a series only while it beats the baselines there. Candidates come in a fixed order: the last
/// value, the seasonal naive, then the models. To take over, a candidate must be better by more than chance
/// explains: the loss of two equal methods differs by about 1/√n over n scored forecasts. To stay, half of that is
/// enough, so that two equal ones do not take turns.
/// </summary>
internal static class ForecastSelector
{
    public const int LastValueIndex = 0;
    public const int SeasonalNaiveIndex = 1;
    public const int Baselines = 2;

    /// <summary>Forecasts scored to their end before anything but the last value may act.</summary>
    public const int ScoredForecastsMin = 8;

    /// <summary>Forecasts beyond which more add no evidence: the backtest has begun to forget.</summary>
    private const long ScoredForecastsSaturated = 200;

    public static ForecastChoice Choose(ReadOnlySpan<CandidateLoss> losses, int incumbent)
    {
        if (losses[LastValueIndex].ScoredForecasts < ScoredForecastsMin)
        {
            return new ForecastChoice(LastValueIndex, string.Create(CultureInfo.InvariantCulture,
                $"{losses[LastValueIndex].ScoredForecasts} forecasts scored, a choice needs {ScoredForecastsMin}"));
        }

        var baseline = Beats(losses, SeasonalNaiveIndex, 1, incumbent == SeasonalNaiveIndex)
            ? SeasonalNaiveIndex
            : LastValueIndex;
        var bar = Score(losses[baseline]);
        var best = baseline;
        for (var model = Baselines; model < losses.Length; model++)
        {
            if (Beats(losses, model, bar, incumbent == model)
                && (best == baseline || Score(losses[model]) < Score(losses[best])))
            {
                best = model;
            }
        }

        return new ForecastChoice(best, Explain(losses, best));
    }

    /// <summary>Half the median's error, half the upper quantile's: the one places a shard, the other moves
    /// it.</summary>
    private static double Score(CandidateLoss loss) => (loss.RelativeError + loss.RelativePinball) / 2;

    // NaN (nothing to compare, as on a load that never moved) compares false: the last value acts.
    private static bool Beats(ReadOnlySpan<CandidateLoss> losses, int candidate, double bar, bool acts)
        => Score(losses[candidate]) < (1 - (Chance(losses[candidate]) * (acts ? 0.5 : 1))) * bar;

    private static double Chance(CandidateLoss loss)
        => 1 / Math.Sqrt(Math.Min(loss.ScoredForecasts, ScoredForecastsSaturated));

    private static string Explain(ReadOnlySpan<CandidateLoss> losses, int best)
    {
        var score = Score(losses[best]);
        if (best != LastValueIndex)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"loss {score:F2} of last-value over {losses[best].ScoredForecasts} forecasts");
        }

        var nearest = double.PositiveInfinity;
        for (var i = SeasonalNaiveIndex; i < losses.Length; i++)
        {
            nearest = Math.Min(nearest, Score(losses[i]));
        }

        if (double.IsNaN(nearest))
        {
            return "the load did not move: there is nothing to compare";
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"nothing beats it: the best other has loss {nearest:F2} of it");
    }
}
