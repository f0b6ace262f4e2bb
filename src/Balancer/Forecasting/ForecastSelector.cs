using System.Globalization;

namespace ShardStore.Balancer.Forecasting;

/// <summary>Which candidate acts, and the sentence that says why.</summary>
internal readonly record struct ForecastChoice(int Candidate, string Reason);

/// <summary>
/// A method acts for a series only while it beats the baselines there by more than chance. Candidates come in a fixed
/// order: the baselines, the last value first, then the models, then the combination. A baseline stands in for the
/// last value when it beats it. Of what beats the best baseline the combination acts, unless a single model leads even
/// it; where the combination does not pass, the best model that does; where none does, the baseline. To stay,
/// half the lead is enough, so that two equal ones do not take turns.
/// </summary>
internal sealed class ForecastSelector(int baselines, ForecastTuning tuning)
{
    public const int LastValueIndex = 0;

    /// <summary>Forecasts scored to their end before anything but the last value may act.</summary>
    public const int ScoredForecastsMin = 8;

    /// <summary>What the one that acts is spared in a comparison with others that passed: two equal ones do not take
    /// turns.</summary>
    private const double Margin = 0.01;

    public ForecastChoice Choose(RollingBacktest backtest, int incumbent, int candidates)
    {
        if (!tuning.IsGated)
        {
            return new ForecastChoice(candidates - 1, "it acts whatever it has been worth");
        }

        if (backtest.ScoredForecasts < ScoredForecastsMin)
        {
            return new ForecastChoice(LastValueIndex, string.Create(CultureInfo.InvariantCulture,
                $"{backtest.ScoredForecasts} forecasts scored, a choice needs {ScoredForecastsMin}"));
        }

        var pairs = backtest.Pairs;
        var baseline = BestBaseline(pairs, incumbent);
        var combination = candidates - 1;
        var combines = Beats(pairs, combination, baseline, incumbent, tuning.GateErrors);
        var bar = combines ? combination : baseline;
        var best = bar;
        for (var model = baselines; model < combination; model++)
        {
            if (Beats(pairs, model, bar, incumbent, tuning.SingleErrors)
                && Cost(pairs, model, incumbent) < Cost(pairs, best, incumbent))
            {
                best = model;
            }
        }

        return Watch(backtest, best, combination)
            ?? new ForecastChoice(best, Explain(backtest, best, candidates));
    }

    /// <summary>After a level shift what was good for days may be far wrong: a choice that lately loses a multiple of
    /// what it used to, and of what the combination loses, or the last value, gives way at once.</summary>
    private ForecastChoice? Watch(RollingBacktest backtest, int best, int combination)
    {
        var place = best;
        foreach (var other in (ReadOnlySpan<int>)[combination, LastValueIndex])
        {
            if (backtest.RecentOverUsual(place) > tuning.ShiftFactor
                && backtest.RecentLossOf(place) > tuning.ShiftFactor * backtest.RecentLossOf(other))
            {
                place = other;
            }
        }

        return place == best ? null : new ForecastChoice(place, string.Create(CultureInfo.InvariantCulture,
            $"the load changed: lately what was best loses {backtest.RecentLossOf(best)
                / backtest.RecentLossOf(place):F1} times as much"));
    }

    private int BestBaseline(PairedLosses pairs, int incumbent)
    {
        var best = LastValueIndex;
        for (var i = LastValueIndex + 1; i < baselines; i++)
        {
            if (Beats(pairs, i, LastValueIndex, incumbent, tuning.GateErrors)
                && Cost(pairs, i, incumbent) < Cost(pairs, best, incumbent))
            {
                best = i;
            }
        }

        return best;
    }

    // A load that never moved gives no lead to anyone: the last value acts.
    private bool Beats(PairedLosses pairs, int candidate, int other, int incumbent, double errors)
        => pairs.LeadOf(candidate, other) > (candidate == incumbent ? errors / 2 : errors)
            && pairs.MeanOf(candidate) < pairs.MeanOf(other) * (candidate == incumbent ? 1 : 1 - tuning.GateMargin);

    private static double Cost(PairedLosses pairs, int candidate, int incumbent)
        => pairs.MeanOf(candidate) * (candidate == incumbent ? 1 - Margin : 1);

    private static string Explain(RollingBacktest backtest, int best, int candidates)
    {
        var last = backtest.Pairs.MeanOf(LastValueIndex);
        if (best != LastValueIndex)
        {
            var loss = backtest.Pairs.MeanOf(best) / last;
            return string.Create(CultureInfo.InvariantCulture,
                $"loss {loss:F2} of last-value over {backtest.ScoredForecasts} forecasts");
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
