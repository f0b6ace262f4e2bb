namespace ShardStore.Balancer;

/// <summary>Every shard's demand to come on one time grid: median and spread in ops/s, step after step from one step
/// ahead. Spread is the sigma of a normal tail fitted to the upper quantiles: only load above the median can
/// hurt.</summary>
internal sealed class DemandGrid
{
    private const int StepsMax = 240;

    /// <summary>Grid step where no forecast says otherwise.</summary>
    private const double FlatStepSeconds = 60;

    /// <summary>How much of a forecast's error now is left a step later. Chosen on simulated clusters
    /// (docs/balancing.md).</summary>
    private const double ErrorMemory = 0.9;

    /// <summary>Of loads to come; chosen as <see cref="ErrorMemory"/> is.</summary>
    private const double ForecastLoadNoise = 0.03;

    // Shard after shard, its medians, then its sigmas: whoever reads the one reads the other.
    private readonly double[] _values;
    private readonly bool[] _trusted;

    // What the forecast has for now; not a number where there is none, or one without spread, which is certain.
    private readonly double[] _expectedNow;

    // By step: the share of the error now that is expected then, and of the sigma that is left.
    private readonly double[] _errorKept;
    private readonly double[] _errorUnknown;
    private QuantileColumns _columns = QuantileColumns.Of([0.5]);
    private StepRows _rows = StepRows.None;

    private DemandGrid(int shardCount, int steps, double stepSeconds)
    {
        Steps = steps;
        StepSeconds = stepSeconds;
        _values = GC.AllocateUninitializedArray<double>(checked(2 * shardCount * steps));
        _trusted = new bool[shardCount];
        _expectedNow = new double[shardCount];
        Array.Fill(_expectedNow, double.NaN);
        (_errorKept, _errorUnknown) = (new double[steps], new double[steps]);
        var kept = Math.Sqrt(ErrorMemory);
        for (var i = 0; i < steps; i++, kept *= ErrorMemory)
            (_errorKept[i], _errorUnknown[i]) = (kept, Math.Sqrt(1 - (kept * kept)));
    }

    /// <summary>Sigma of what a node uses around what its shards' demand makes it, as a share of that: a median of some
    /// seconds still has part of their noise, and demand moves within a step. 0 of the present, which is measured.
    /// </summary>
    public double LoadNoise { get; private init; }

    public int Steps { get; }
    public double StepSeconds { get; }
    public double HorizonSeconds => Steps * StepSeconds;

    public ReadOnlySpan<double> Median(int shard) => Medians(shard);
    public ReadOnlySpan<double> Sigma(int shard) => Sigmas(shard);

    /// <summary>False where the values only repeat the present.</summary>
    public bool IsTrusted(int shard) => _trusted[shard];

    /// <summary>Demand as it is now, as if it stayed: what a reactive balancer sees.</summary>
    public static DemandGrid Flat(ShardLoad[] shards)
    {
        var grid = new DemandGrid(shards.Length, 1, FlatStepSeconds);
        for (var i = 0; i < shards.Length; i++)
            grid.FillFlat(i, shards[i].Demand.OpsPerSecond);
        return grid;
    }

    public static DemandGrid FromForecasts(ShardLoad[] shards, double horizonSeconds)
    {
        // The finest step rules the grid; coarser forecasts repeat a value over several of its steps.
        var step = double.PositiveInfinity;
        foreach (var shard in shards)
        {
            if (shard.Forecast is { Steps: > 0, StepSeconds: > 0 } forecast)
                step = Math.Min(step, forecast.StepSeconds);
        }
        if (double.IsInfinity(step))
            step = FlatStepSeconds;
        step = Math.Max(step, horizonSeconds / StepsMax);
        var steps = Math.Max(1, (int)Math.Ceiling(horizonSeconds / step));
        var grid = new DemandGrid(shards.Length, steps, step) { LoadNoise = ForecastLoadNoise };
        for (var i = 0; i < shards.Length; i++)
            grid.Fill(i, shards[i]);
        return grid;
    }

    /// <summary>Brings a forecast into line with what has come since it was made. A forecast is up to a step old, and
    /// demand as it is now says how far off it is; the error lasts, so that much of it is expected of every step to
    /// come, and as much less is uncertain there. These are the conditional mean and variance of a first-order
    /// autoregression (Box and Jenkins 1970, ch. 5), with nothing put down to noise: smoothing is up to whoever
    /// measures.</summary>
    public void Update(int shard, double opsPerSecond)
    {
        var error = opsPerSecond - _expectedNow[shard];
        if (double.IsNaN(error))
            return;
        var medians = Medians(shard);
        var sigmas = Sigmas(shard);
        for (var i = 0; i < medians.Length; i++)
        {
            medians[i] = Math.Max(0, medians[i] + (_errorKept[i] * error));
            sigmas[i] *= _errorUnknown[i];
        }
    }

    private Span<double> Medians(int shard) => _values.AsSpan(2 * shard * Steps, Steps);

    private Span<double> Sigmas(int shard) => _values.AsSpan(((2 * shard) + 1) * Steps, Steps);

    private void Fill(int shard, ShardLoad load)
    {
        var forecast = load.Forecast;
        if (forecast is null || forecast.State == ForecastState.NotEnoughHistory || forecast.Steps == 0
            || !TryFillQuantiles(shard, forecast))
        {
            FillFlat(shard, load.Demand.OpsPerSecond);
        }
    }

    private void FillFlat(int shard, double opsPerSecond)
    {
        Medians(shard).Fill(opsPerSecond);
        Sigmas(shard).Clear();
        _trusted[shard] = false;
    }

    private bool TryFillQuantiles(int shard, QuantileForecast forecast)
    {
        var levels = forecast.Levels;
        var (middle, upper, sigmas) = _columns.IsFor(levels) ? _columns : _columns = QuantileColumns.Of(levels);
        if (!_rows.IsFor(forecast))
            _rows = StepRows.Of(forecast, Steps, StepSeconds);
        var values = forecast.Values;
        var medians = Medians(shard);
        var spreads = Sigmas(shard);
        for (var i = 0; i < medians.Length; i++)
        {
            var row = _rows[i] * levels.Length;
            var median = values[row + middle];
            var high = values[row + upper];
            if (!double.IsFinite(median) || !double.IsFinite(high))
                return false;
            medians[i] = Math.Max(0, median);
            spreads[i] = sigmas > 0 ? Math.Max(0, high - median) / sigmas : 0;
        }
        _trusted[shard] = true;
        if (sigmas > 0)
        {
            var now = Math.Min((int)(forecast.AgeSeconds / forecast.StepSeconds), forecast.Steps - 1);
            _expectedNow[shard] = forecast.Values[(now * levels.Length) + middle];
        }
        return true;
    }
}
