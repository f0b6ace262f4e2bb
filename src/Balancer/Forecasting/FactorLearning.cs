using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// How much of each declared factor came true: the exponent that, put on the factor, explains best by how much more the
/// load's logarithm changed from just before and after to within than it did at the same times of other days without it
/// (differences in differences; Angrist and Pischke 2009, "Mostly Harmless Econometrics", sec. 5.2). Shrunk towards
/// 1, as declared, where little was seen or the load is noisier than the factor. A daily window has no day without
/// it, so there the load's own curve counts in; that does no harm, since what is taken out of the history is what is
/// put back.
/// </summary>
internal sealed class FactorLearning(LoadHistory history, UsageTraces traces, int seasonSteps, int daySteps)
{
    public const double CameTrueMax = 1.2;

    /// <summary>Steps before and after that tell what the load would be without.</summary>
    public const int NearSteps = 12;

    /// <summary>Samples that the declaration weighs as much as.</summary>
    private const double DeclaredWorth = 3;

    /// <summary>Samples that one occurrence weighs at most: they are right or wrong together.</summary>
    private const int OccurrenceWorth = 12;

    /// <summary>One occurrence is believed to no more than the double, or the opposite, of what was declared.</summary>
    private const double OccurrenceMax = 2;

    private const int DaysMin = 3;

    /// <summary>Parts that act together are told apart by turns.</summary>
    private const int Turns = 2;

    // Logarithm of the load with the other parts taken out; no number where nothing was measured, or was 0.
    private readonly double[] _rest = new double[history.Count];

    /// <summary>Exponents from 0 to <see cref="CameTrueMax"/>, a part each, growth last.</summary>
    public double[] Learn()
    {
        var cameTrue = new double[traces.Parts];
        Array.Fill(cameTrue, 1);
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var part = 0; part < cameTrue.Length; part++)
            {
                if (traces.Row(part).ContainsAnyExcept(0))
                {
                    TakeOutOthers(part, cameTrue);
                    cameTrue[part] = part == cameTrue.Length - 1 ? GrowthTrue() : PartTrue(traces.Row(part));
                }
            }
        }

        return cameTrue;
    }

    private static double Shrunk(double weight, double weighted)
        => Math.Clamp((DeclaredWorth + weighted) / (DeclaredWorth + weight), 0, CameTrueMax);

    private static double Bounded(double exponent) => Math.Clamp(exponent, -OccurrenceMax, OccurrenceMax);

    private void TakeOutOthers(int part, double[] cameTrue)
    {
        var values = history.Values;
        var first = history.LastStep - values.Length + 1;
        var own = traces.Row(part);
        for (var i = 0; i < values.Length; i++)
        {
            _rest[i] = values[i] > 0 && !history.IsFilled(first + i)
                ? Math.Log(values[i]) - traces.Total(cameTrue, i) + (cameTrue[part] * own[i])
                : double.NaN;
        }
    }

    private double PartTrue(ReadOnlySpan<double> own)
    {
        var (weight, weighted) = (0.0, 0.0);
        for (var start = 0; start < _rest.Length;)
        {
            var end = start;
            while (end < _rest.Length && own[end] != 0)
            {
                end++;
            }

            if (end > start && Occurrence(own, start, end) is { } seen)
            {
                weight += seen.Weight;
                weighted += seen.Weight * Bounded(seen.Exponent);
            }

            start = end + 1;
        }

        return Shrunk(weight, weighted);
    }

    /// <summary>What steps <paramref name="start"/> to <paramref name="end"/>, not included, say; null: nothing.
    /// </summary>
    private (double Exponent, double Weight)? Occurrence(ReadOnlySpan<double> own, int start, int end)
    {
        var usual = HasOtherDays(own, start, end);
        var before = Near(own, start - NearSteps, start, usual);
        var after = Near(own, end, end + NearSteps, usual);
        if (before.Count + after.Count == 0)
        {
            return null;
        }

        var (count, squares, products) = (0, 0.0, 0.0);
        for (var i = start; i < end; i++)
        {
            var change = Deviation(own, i, usual) - Between(before, after, i);
            if (!double.IsNaN(change))
            {
                count++;
                squares += own[i] * own[i];
                products += own[i] * change;
            }
        }

        if (count == 0)
        {
            return null;
        }

        var noise = (before.Squares + after.Squares) / (before.Count + after.Count);
        var mean = squares / count;
        return (products / squares, Math.Min(count, OccurrenceWorth) * mean / (mean + noise));
    }

    /// <summary>Straight from the mean before to the mean after; level where only one is known.</summary>
    private static double Between(Level before, Level after, int place)
    {
        if (before.Count == 0 || after.Count == 0)
        {
            return before.Count > 0 ? before.Mean : after.Mean;
        }

        var way = (place - before.Centre) / (after.Centre - before.Centre);
        return before.Mean + (way * (after.Mean - before.Mean));
    }

    private Level Near(ReadOnlySpan<double> own, int start, int end, bool usual)
    {
        var (count, sum, places, all) = (0, 0.0, 0.0, 0.0);
        for (var i = Math.Max(0, start); i < Math.Min(end, _rest.Length); i++)
        {
            if (own[i] == 0 && Deviation(own, i, usual) is var deviation && !double.IsNaN(deviation))
            {
                count++;
                sum += deviation;
                all += deviation * deviation;
                places += i;
            }
        }

        return count == 0
            ? default
            : new Level(count, sum / count, places / count, Math.Max(0, all - (sum * sum / count)));
    }

    private bool HasOtherDays(ReadOnlySpan<double> own, int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            if (double.IsNaN(Usual(own, i)))
            {
                return false;
            }
        }

        return true;
    }

    private double Deviation(ReadOnlySpan<double> own, int place, bool usual)
        => usual ? _rest[place] - Usual(own, place) : _rest[place];

    /// <summary>Mean of the same time in other seasons without the part; no number where there is none.</summary>
    private double Usual(ReadOnlySpan<double> own, int place)
    {
        if (seasonSteps < 2)
        {
            return double.NaN;
        }

        var (count, sum) = (0, 0.0);
        for (var i = place % seasonSteps; i < _rest.Length; i += seasonSteps)
        {
            if (i != place && own[i] == 0 && !double.IsNaN(_rest[i]))
            {
                count++;
                sum += _rest[i];
            }
        }

        return count > 0 ? sum / count : double.NaN;
    }

    /// <summary>The slope of the days' means.</summary>
    private double GrowthTrue()
    {
        var days = _rest.Length / Math.Max(1, daySteps);
        if (daySteps < 1 || days < DaysMin)
        {
            return 1;
        }

        var declared = traces.Row(traces.Parts - 1)[1] - traces.Row(traces.Parts - 1)[0];
        var means = new double[days];
        for (var day = 0; day < days; day++)
        {
            means[day] = MeanOf(_rest.AsSpan(_rest.Length - ((days - day) * daySteps), daySteps));
        }

        if (TensorPrimitives.IsNaNAny<double>(means))
        {
            return 1;
        }

        var (middle, mean) = ((days - 1) / 2.0, TensorPrimitives.Sum(means) / days);
        var (squares, products) = (0.0, 0.0);
        for (var day = 0; day < days; day++)
        {
            squares += (day - middle) * (day - middle);
            products += (day - middle) * (means[day] - mean);
        }

        var slope = products / squares;
        var errors = 0.0;
        for (var day = 0; day < days; day++)
        {
            var error = means[day] - mean - (slope * (day - middle));
            errors += error * error;
        }

        var growth = declared * daySteps;
        var noise = errors / (days - 2) / squares;
        var weight = days * growth * growth / ((growth * growth) + noise);
        return Shrunk(weight, weight * Bounded(slope / growth));
    }

    private static double MeanOf(ReadOnlySpan<double> values)
    {
        var (count, sum) = (0, 0.0);
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
            {
                count++;
                sum += value;
            }
        }

        return count > 0 ? sum / count : double.NaN;
    }

    private readonly record struct Level(int Count, double Mean, double Centre, double Squares);
}
