using System.Globalization;

namespace ShardStore.Balancer.Forecasting;

/// <summary>Which candidate acts, and the sentence that says why.</summary>
internal readonly record struct ForecastChoice(int Candidate, string Reason);

/// <summary>
/// A method acts for a series only while it beats the baselines there by more than chance. Candidates come in a fixed
/// order: the baselines, the last value first, then the models, then the combination. A baseline stands in for the
/// last value when it beats it; a model must beat the best of them, and of those that do the one with the smallest
/// loss acts. To stay, half the lead is enough, so that two equal ones do not take turns.
/// </summary>
internal sealed class ForecastSelector(int baselines, ForecastTuning tuning)
{
    public const int LastValueIndex = 0;

    /// <summary>Forecasts scored to their end before anything but the last value may act.</summary>
    public const int ScoredForecastsMin = 8;

    /// <summary>What the one that acts is spared in a comparison with others that passed, and the least part by which
    /// a baseline must be beaten: less is worth no change.</summary>
    private const double Margin = 0.01;

    public ForecastChoice Choose(RollingBacktest backtest, int incumbent, int candidates)
    {
        if (backtest.ScoredForecasts < ScoredForecastsMin)
        {
            return new ForecastChoice(LastValueIndex, string.Create(CultureInfo.InvariantCulture,
                $"{backtest.ScoredForecasts} forecasts scored, a choice needs {ScoredForecastsMin}"));
        }

        var pairs = backtest.Pairs;
        var baseline = LastValueIndex;
        for (var i = LastValueIndex + 1; i < baselines; i++)
        {
            if (Beats(pairs, i, LastValueIndex, incumbent) && Cost(pairs, i, incumbent) < Cost(pairs, baseline, incumbent))
            {
                baseline = i;
            }
        }

        var best = baseline;
        for (var model = baselines; model < candidates; model++)
        {
            if (Beats(pairs, model, baseline, incumbent)
                && (best == baseline || Cost(pairs, model, incumbent) < Cost(pairs, best, incumbent)))
            {
                best = model;
            }
        }

        return new ForecastChoice(best, Explain(backtest, best, candidates));
    }

    // A load that never moved gives no lead to anyone: the last value acts.
    private bool Beats(PairedLosses pairs, int candidate, int baseline, int incumbent)
    {
        var needed = tuning.GateErrors * (candidate == incumbent ? 0.5 : 1);
        return pairs.LeadOf(candidate, baseline) > needed
            && pairs.MeanOf(candidate) < pairs.MeanOf(baseline) * (candidate == incumbent ? 1 : 1 - Margin);
    }

    private static double Cost(PairedLosses pairs, int candidate, int incumbent)
        => pairs.MeanOf(candidate) * (candidate == incumbent ? 1 - Margin : 1);

    private static string Explain(RollingBacktest backtest, int best, int candidates)
    {
        var last = backtest.Pairs.MeanOf(LastValueIndex);
        if (best != LastValueIndex)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"loss {backtest.Pairs.MeanOf(best) / last:F2} of last-value over {backtest.ScoredForecasts} forecasts");
        }

        if (!(last > 0))
        {
            return "the load did not move: there is nothing to compare";
        }

        var nearest = double.PositiveInfinity;
        for (var i = LastValueIndex + 1; i < candidates; i++)
        {
            nearest = Math.Min(nearest, backtest.Pairs.MeanOf(i));
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"nothing beats it by more than chance: the best other has loss {nearest / last:F3} of it");
    }
}
