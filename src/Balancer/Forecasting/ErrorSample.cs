using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ShardStore.Balancer.Forecasting;

/// <summary>A point a step, computed from what was known and nothing else.</summary>
internal interface IPointRule
{
    /// <summary>Forecasts the values after the last one of <paramref name="known"/>, one for each place of
    /// <paramref name="path"/>.</summary>
    void Trace(ReadOnlySpan<double> known, Span<double> path);
}

/// <summary>
/// Collects how wrong a rule was over origins (indices of a last known value) in the newer half of a history, for the
/// quantiles of a forecast made now. One sample serves all steps: an origin counts when its whole future is known.
/// </summary>
internal sealed class ErrorSample
{
    /// <summary>Origins below which an upper quantile would be an invention.</summary>
    public const int OriginsMin = 16;

    /// <summary>Origins looked at. More sharpen the 0.99 level a little and cost a sort of that many a step.</summary>
    private const int OriginsMax = 128;

    private readonly int _originFirst;
    private readonly int _originLast;
    private readonly int _stride;

    // Origin after origin, each with its errors for all steps and unused places up to a whole vector.
    private readonly int _width;
    private readonly double[] _errors;

    /// <param name="historyCount">Values of the history; at least <see cref="HistoryMin"/> for one step.</param>
    /// <param name="originFirst">First index the rule can forecast from.</param>
    public ErrorSample(int historyCount, int originFirst)
    {
        Steps = Math.Min(ForecastLevels.StepsMax, historyCount - originFirst - OriginsMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(Steps, 1);
        _originLast = historyCount - 1 - Steps;
        _originFirst = Math.Max(originFirst, Math.Min(historyCount / 2, _originLast - OriginsMin + 1));
        // Odd, so that it does not fall in step with a season, whose length has many even divisors.
        _stride = (1 + ((_originLast - _originFirst) / OriginsMax)) | 1;
        if (Count < OriginsMin)
        {
            _stride = 1;
        }

        var lanes = Vector256<double>.Count;
        _width = (Steps + lanes - 1) / lanes * lanes;
        _errors = new double[Count * _width];
    }

    /// <summary>Steps that the history is long enough to judge.</summary>
    public int Steps { get; }

    /// <summary>Origins that are looked at.</summary>
    public int Count => 1 + ((_originLast - _originFirst) / _stride);

    /// <summary>The samples a rule needs for a band of <paramref name="steps"/> steps.</summary>
    public static int HistoryMin(int originFirst, int steps) => originFirst + steps + OriginsMin;

    /// <summary>The whole sample of a rule that can be asked at any origin.</summary>
    public static ErrorBand BandOf<TRule>(ReadOnlySpan<double> history, TRule rule, int originFirst)
        where TRule : IPointRule
    {
        var sample = new ErrorSample(history.Length, originFirst);
        Span<double> path = stackalloc double[sample.Steps];
        for (var i = 0; i < sample.Count; i++)
        {
            var origin = sample.Origin(i);
            rule.Trace(history[..(origin + 1)], path);
            sample.Add(history, origin, path);
        }

        return sample.ToBand();
    }

    /// <summary>Origin number <paramref name="i"/>, newest first.</summary>
    public int Origin(int i) => _originLast - (i * _stride);

    /// <summary>Whether <paramref name="origin"/> is one of those looked at: for a rule that walks the history
    /// once.</summary>
    public bool Wants(int origin)
        => origin >= _originFirst && origin <= _originLast && (_originLast - origin) % _stride == 0;

    public void Add(ReadOnlySpan<double> history, int origin, ReadOnlySpan<double> path)
    {
        var errors = _errors.AsSpan((_originLast - origin) / _stride * _width, Steps);
        TensorPrimitives.Subtract(history.Slice(origin + 1, Steps), path[..Steps], errors);
    }

    /// <summary>The quantiles, once every origin was added. Sorts the sample.</summary>
    public ErrorBand ToBand()
    {
        SortedColumns.Sort(_errors, _width);
        return ErrorBand.Empirical(_errors, _width, Steps);
    }
}
