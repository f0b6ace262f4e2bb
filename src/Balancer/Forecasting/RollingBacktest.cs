using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Scores all candidates on one series, always, on forecasts they really made: each new sample is held against every
/// forecast still open. From that come the losses that weigh the combination, the paired losses that let a candidate
/// act, and the widths that keep its quantiles honest. All of it fades, and all of it is relative to other
/// candidates: it means the same for every series, whatever its unit and noise.
/// </summary>
internal sealed class RollingBacktest
{
    /// <summary>Forecasts open at once. With one issued every <see cref="IssueEvery"/> samples, a new one finds the
    /// oldest closed.</summary>
    private const int OpenMax = 8;

    private const double NarrowMax = 1e36;

    private readonly int _steps;
    private readonly ForecastTuning _tuning;
    private readonly ForecastReaches _reaches;
    private readonly CandidateRecord[] _records;

    // Open forecast i: where it was made, its loss so far per candidate, and per scored step and candidate its
    // levels. Float halves what is the larger part of a series' state, and scores need no more digits.
    private readonly long[] _origins = new long[OpenMax];
    private readonly double[] _totals;
    private readonly float[] _levels;
    private int _next;
    private long _lastIssue = long.MinValue;
    private int _samplesSinceScored;
    private double _compared;
    private double _typicalLoss;

    /// <param name="candidates">Forecasts in each issue.</param>
    /// <param name="baselines">How many of them, from the first, the others must beat.</param>
    /// <param name="steps">Steps of each forecast.</param>
    /// <param name="tuning">Null: as shipped.</param>
    public RollingBacktest(int candidates, int baselines, int steps, ForecastTuning? tuning = null)
    {
        _steps = steps;
        _tuning = tuning ?? ForecastTuning.Default;
        _reaches = ForecastReaches.For(steps);
        _records = new CandidateRecord[candidates];
        for (var i = 0; i < candidates; i++)
        {
            _records[i] = new CandidateRecord(_reaches.Count, _tuning.CoverageRate);
        }

        Pairs = new PairedLosses(candidates, baselines);
        _totals = new double[OpenMax * candidates];
        _levels = new float[OpenMax * _reaches.Scored.Length * candidates * ForecastLevels.Count];
        Array.Fill(_origins, long.MinValue);
    }

    public int Steps => _steps;

    public ForecastReaches Reaches => _reaches;

    public PairedLosses Pairs { get; }

    /// <summary>Samples between two issued forecasts.</summary>
    public int IssueEvery => 1 + ((_steps - 1) / OpenMax);

    /// <summary>Forecasts scored to their last step.</summary>
    public long ScoredForecasts { get; private set; }

    /// <summary>Whether a forecast from after sample <paramref name="position"/> should be issued now.</summary>
    public bool WantsForecast(long position) => _lastIssue == long.MinValue || position - _lastIssue >= IssueEvery;

    /// <summary>A candidate's forecast with the quantiles where its record on this series puts them. What is issued
    /// and what acts is this one.</summary>
    public QuantileForecast Correct(int candidate, QuantileForecast forecast)
    {
        var width = ForecastLevels.Count;
        var record = _records[candidate];
        var values = new double[_steps * width];
        Span<double> logs = stackalloc double[width];
        for (var step = 1; step <= _steps; step++)
        {
            var (reach, next) = _reaches.Between(step);
            var here = record.Widths(reach);
            var there = record.Widths(Math.Min(reach + 1, _reaches.Count - 1));
            for (var i = 0; i < width; i++)
            {
                logs[i] = here[i] + (next * (there[i] - here[i]));
            }

            var row = (step - 1) * width;
            CoverageCorrection.Apply(logs, forecast.Values.AsSpan(row, width), values.AsSpan(row, width));
        }

        return forecast with { Values = values };
    }

    /// <summary>Opens the candidates' forecasts made after sample number <paramref name="position"/>.</summary>
    public void Issue(long position, ReadOnlySpan<QuantileForecast> forecasts)
    {
        _origins[_next] = position;
        _lastIssue = position;
        _totals.AsSpan(_next * _records.Length, _records.Length).Clear();
        for (var place = 0; place < _reaches.Scored.Length; place++)
        {
            Store(forecasts, place, Row(_next, place));
        }

        _next = (_next + 1) % OpenMax;
    }

    /// <summary>Holds sample number <paramref name="position"/> against all open forecasts.</summary>
    public void Observe(long position, double value)
    {
        Forget(1);
        for (var open = 0; open < OpenMax; open++)
        {
            var step = position - _origins[open];
            if (_origins[open] == long.MinValue || step < 1 || step > _steps
                || _reaches.PlaceOf((int)step) is not (>= 0 and var place))
            {
                continue;
            }

            var totals = _totals.AsSpan(open * _records.Length, _records.Length);
            Score((int)step, Row(open, place), value, totals);
            if (step == _steps)
            {
                Close(totals);
            }
        }
    }

    /// <summary>Scores forecasts made in the past against what is already known, oldest first: how a record begins
    /// for a series that arrives with its history.</summary>
    public void Replay(ReadOnlySpan<QuantileForecast> forecasts, ReadOnlySpan<double> truth, int samplesSincePrevious)
    {
        Forget(samplesSincePrevious);
        Span<double> totals = stackalloc double[_records.Length];
        totals.Clear();
        Span<float> row = stackalloc float[_records.Length * ForecastLevels.Count];
        for (var place = 0; place < _reaches.Scored.Length; place++)
        {
            var step = _reaches.Scored[place];
            Store(forecasts, place, row);
            Score(step, row, truth[step - 1], totals);
        }

        Close(totals);
    }

    /// <summary>The record of a candidate; see <see cref="CandidateLoss"/>.</summary>
    public CandidateLoss LossOf(int candidate, string name)
        => new(
            name,
            Ratio(_records[candidate].Error, _records[0].Error),
            Ratio(_records[candidate].Pinball, _records[0].Pinball),
            ScoredForecasts);

    /// <summary>A candidate's loss over one reach with a long and a short memory, comparable between
    /// candidates.</summary>
    public CandidateRecord.ReachLoss LossAt(int candidate, int reach) => _records[candidate].LossAt(reach);

    /// <summary>A candidate's loss over all reaches with the short memory.</summary>
    public double RecentLossOf(int candidate)
    {
        var sum = 0.0;
        for (var reach = 0; reach < _reaches.Count; reach++)
        {
            sum += _records[candidate].LossAt(reach).Fast;
        }

        return sum;
    }

    /// <summary>How a candidate's loss of late compares with its loss over a long time: 1 where nothing
    /// changed.</summary>
    public double RecentOverUsual(int candidate)
    {
        var usual = 0.0;
        for (var reach = 0; reach < _reaches.Count; reach++)
        {
            usual += _records[candidate].LossAt(reach).Slow;
        }

        // The weights of a faded sum add up in proportion to its half-life.
        return usual > 0 ? RecentLossOf(candidate) / _tuning.FastHalfLife / (usual / _tuning.SlowHalfLife) : 1;
    }

    /// <summary>How often each level of a candidate's forecasts covered what came.</summary>
    public LevelCoverage[] CoverageOf(int candidate)
    {
        var coverage = new LevelCoverage[ForecastLevels.Count];
        for (var i = 0; i < coverage.Length; i++)
        {
            var share = _compared > 0 ? _records[candidate].Covered(i) / _compared : double.NaN;
            coverage[i] = new LevelCoverage(ForecastLevels.All[i], share, _compared);
        }

        return coverage;
    }

    // A last value that was never wrong cannot be beaten, only equalled.
    private static double Ratio(double loss, double baseline)
        => baseline > 0 ? loss / baseline : loss > 0 ? double.PositiveInfinity : double.NaN;

    private Span<float> Row(int open, int place)
    {
        var width = _records.Length * ForecastLevels.Count;
        return _levels.AsSpan(((open * _reaches.Scored.Length) + place) * width, width);
    }

    private void Store(ReadOnlySpan<QuantileForecast> forecasts, int place, Span<float> row)
    {
        var from = (_reaches.Scored[place] - 1) * ForecastLevels.Count;
        for (var candidate = 0; candidate < _records.Length; candidate++)
        {
            var values = forecasts[candidate].Values.AsSpan(from, ForecastLevels.Count);
            for (var i = 0; i < values.Length; i++)
            {
                row[(candidate * ForecastLevels.Count) + i] = Narrow(values[i]);
            }
        }
    }

    private void Score(int step, ReadOnlySpan<float> row, double value, Span<double> totals)
    {
        // As wide as what it is compared with: a load that repeats exactly is covered by its own value.
        var narrow = (double)Narrow(value);
        _compared++;
        var reach = ForecastReaches.Of(step);
        for (var candidate = 0; candidate < _records.Length; candidate++)
        {
            var levels = row.Slice(candidate * ForecastLevels.Count, ForecastLevels.Count);
            totals[candidate] += _records[candidate].Add(reach, levels, narrow);
        }
    }

    /// <summary>Adds a forecast scored to its end to the paired losses. They are taken relative to what is lost on
    /// it and usually: one burst that everybody missed would else drown what a week has shown.</summary>
    private void Close(ReadOnlySpan<double> totals)
    {
        var share = Math.Min(1, _samplesSinceScored / (double)_steps);
        var kept = Kept(_tuning.GateHalfLife, _samplesSinceScored);
        var mean = TensorPrimitives.Sum(totals) / totals.Length;
        // The first has none before it.
        var first = ScoredForecasts == 0;
        _typicalLoss = first ? mean : (kept * _typicalLoss) + ((1 - kept) * mean);
        Span<double> relative = stackalloc double[totals.Length];
        TensorPrimitives.Divide(totals, mean > 0 ? mean + _typicalLoss : 1, relative);
        Pairs.Add(relative, first ? 1 : share, kept);
        _samplesSinceScored = 0;
        ScoredForecasts++;
    }

    private void Forget(int samples)
    {
        _samplesSinceScored += samples;
        var slow = Kept(_tuning.SlowHalfLife, samples);
        var fast = Kept(_tuning.FastHalfLife, samples);
        _compared *= slow;
        foreach (var record in _records)
        {
            record.Forget(slow, fast);
        }
    }

    // Beyond it a float has no number, and one infinite loss would stay in a faded sum for good.
    private static float Narrow(double value) => (float)Math.Clamp(value, -NarrowMax, NarrowMax);

    private static double Kept(double halfLife, int samples) => Math.Pow(0.5, samples / halfLife);
}
