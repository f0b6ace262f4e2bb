namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Scores all candidates on one series, always, on forecasts they really made: each new sample is held against every
/// forecast still open. Two losses are kept, the absolute error of the median and the pinball loss at 0.9 (the level
/// that moves shards), both with exponential forgetting and both relative to candidate 0, the last value: a number
/// below 1 means the same for every series, whatever its unit and noise.
/// </summary>
internal sealed class RollingBacktest
{
    /// <summary>Forecasts open at once. With one issued every <see cref="IssueEvery"/> samples, a new one finds the
    /// oldest closed.</summary>
    private const int OpenMax = 8;

    /// <summary>Weight of a sample halves over so many newer ones, a day at 5 minutes. Steps of one forecast are wrong
    /// together, so that this is only some hundred independent errors; with fewer, methods of equal merit would
    /// take turns by chance.</summary>
    private const double HalfLifeSamples = 288;

    private static readonly double Decay = Math.Pow(0.5, 1 / HalfLifeSamples);

    private readonly int _candidates;
    private readonly int _steps;
    private readonly Loss[] _losses;
    private readonly CoverageCorrection[] _corrections;

    // Open forecast i: where it was made, and per candidate and step its median and 0.9 quantile. Float halves what
    // is the larger part of a series' state, and scores need no more digits.
    private readonly long[] _origins = new long[OpenMax];
    private readonly float[] _medians;
    private readonly float[] _highs;
    private int _next;
    private long _lastIssue = long.MinValue;

    public RollingBacktest(int candidates, int steps)
    {
        _candidates = candidates;
        _steps = steps;
        _losses = new Loss[candidates];
        _corrections = new CoverageCorrection[candidates];
        for (var i = 0; i < candidates; i++)
        {
            _corrections[i] = new CoverageCorrection();
        }

        _medians = new float[OpenMax * candidates * steps];
        _highs = new float[OpenMax * candidates * steps];
        Array.Fill(_origins, long.MinValue);
    }

    public int Steps => _steps;

    /// <summary>Samples between two issued forecasts.</summary>
    public int IssueEvery => 1 + ((_steps - 1) / OpenMax);

    /// <summary>Forecasts scored to their last step.</summary>
    public long ScoredForecasts { get; private set; }

    /// <summary>Whether a forecast from after sample <paramref name="position"/> should be issued now.</summary>
    public bool WantsForecast(long position) => _lastIssue == long.MinValue || position - _lastIssue >= IssueEvery;

    /// <summary>A candidate's forecast with the upper quantiles where its record on this series puts them. What is
    /// issued and what acts is this one.</summary>
    public QuantileForecast Correct(int candidate, QuantileForecast forecast)
        => _corrections[candidate].Apply(forecast);

    /// <summary>Opens the candidates' forecasts made after sample number <paramref name="position"/>.</summary>
    public void Issue(long position, ReadOnlySpan<QuantileForecast> forecasts)
    {
        _origins[_next] = position;
        _lastIssue = position;
        for (var candidate = 0; candidate < _candidates; candidate++)
        {
            var start = Place(_next, candidate);
            var values = forecasts[candidate].Values;
            for (var step = 0; step < _steps; step++)
            {
                var row = step * ForecastLevels.Count;
                _medians[start + step] = (float)values[row + ForecastLevels.MedianColumn];
                _highs[start + step] = (float)values[row + ForecastLevels.HighColumn];
            }
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
            if (_origins[open] == long.MinValue || step < 1 || step > _steps)
            {
                continue;
            }

            for (var candidate = 0; candidate < _candidates; candidate++)
            {
                var place = Place(open, candidate) + (int)step - 1;
                Add(candidate, value, _medians[place], _highs[place]);
            }

            ScoredForecasts += step == _steps ? 1 : 0;
        }
    }

    /// <summary>Scores forecasts made in the past against what is already known, oldest first: how a record begins
    /// for a series that arrives with its history.</summary>
    public void Replay(ReadOnlySpan<QuantileForecast> forecasts, ReadOnlySpan<double> truth, int samplesSincePrevious)
    {
        Forget(samplesSincePrevious);
        for (var candidate = 0; candidate < _candidates; candidate++)
        {
            var values = forecasts[candidate].Values;
            for (var step = 0; step < _steps; step++)
            {
                var row = step * ForecastLevels.Count;
                var median = values[row + ForecastLevels.MedianColumn];
                Add(candidate, truth[step], median,
                    _corrections[candidate].Apply(median, values[row + ForecastLevels.HighColumn]));
            }
        }

        ScoredForecasts++;
    }

    /// <summary>The record of a candidate; see <see cref="CandidateLoss"/>.</summary>
    public CandidateLoss LossOf(int candidate, string name)
        => new(
            name,
            Ratio(_losses[candidate].Error, _losses[0].Error),
            Ratio(_losses[candidate].Pinball, _losses[0].Pinball),
            ScoredForecasts);

    // A last value that was never wrong cannot be beaten, only equalled.
    private static double Ratio(double loss, double baseline)
        => baseline > 0 ? loss / baseline : loss > 0 ? double.PositiveInfinity : double.NaN;

    private int Place(int open, int candidate) => ((open * _candidates) + candidate) * _steps;

    private void Forget(int samples)
    {
        var kept = Math.Pow(Decay, samples);
        for (var i = 0; i < _losses.Length; i++)
        {
            _losses[i] = new Loss(_losses[i].Error * kept, _losses[i].Pinball * kept);
        }
    }

    private void Add(int candidate, double value, double median, double high)
    {
        var over = value - high;
        _corrections[candidate].Observe(over > 0);
        var pinball = over >= 0 ? 0.9 * over : -0.1 * over;
        var loss = _losses[candidate];
        _losses[candidate] = new Loss(loss.Error + Math.Abs(value - median), loss.Pinball + pinball);
    }

    private readonly record struct Loss(double Error, double Pinball);
}
