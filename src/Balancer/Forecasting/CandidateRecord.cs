namespace ShardStore.Balancer.Forecasting;

/// <summary>How one candidate did on one series: losses that fade, per reach, and how often each level covered what
/// came.</summary>
internal sealed class CandidateRecord
{
    /// <summary>The pinball loss at 0.9 is about so many times smaller than the absolute error; with this factor both
    /// count alike. The median places a shard, the upper quantile moves it.</summary>
    private const double PinballFactor = 2.5;

    private const double HighLevel = 0.9;

    private readonly ReachLoss[] _losses;
    private readonly CoverageCorrection[] _corrections;
    private readonly double[] _covered = new double[ForecastLevels.Count];
    private double _error;
    private double _pinball;

    public CandidateRecord(int reaches, double coverageRate)
    {
        _losses = new ReachLoss[reaches];
        _corrections = new CoverageCorrection[reaches];
        for (var i = 0; i < reaches; i++)
        {
            _corrections[i] = new CoverageCorrection(coverageRate);
        }
    }

    /// <summary>Faded sum of the median's absolute errors.</summary>
    public double Error => _error;

    /// <summary>Faded sum of the pinball losses at 0.9.</summary>
    public double Pinball => _pinball;

    public ReachLoss LossAt(int reach) => _losses[reach];

    public ReadOnlySpan<double> Widths(int reach) => _corrections[reach].Logs;

    /// <summary>Faded count of samples at or below a level's quantile; the backtest knows out of how many.</summary>
    public double Covered(int level) => _covered[level];

    public void Forget(double slow, double fast)
    {
        _error *= slow;
        _pinball *= slow;
        for (var i = 0; i < _losses.Length; i++)
        {
            _losses[i] = new ReachLoss(_losses[i].Slow * slow, _losses[i].Fast * fast);
        }

        for (var i = 0; i < _covered.Length; i++)
        {
            _covered[i] *= slow;
        }
    }

    /// <summary>The loss by which candidates are weighed: that of the median and that of the 0.9 quantile.</summary>
    public static double LossOf(double median, double high, double value)
        => Math.Abs(value - median) + (PinballFactor * PinballOf(high, value));

    /// <summary>Holds a sample against the levels published for it, and gives the loss.</summary>
    public double Add(int reach, ReadOnlySpan<float> published, double value)
    {
        var error = Math.Abs(value - published[ForecastLevels.MedianColumn]);
        var pinball = PinballOf(published[ForecastLevels.HighColumn], value);
        var loss = error + (PinballFactor * pinball);
        _error += error;
        _pinball += pinball;
        _losses[reach] = new ReachLoss(_losses[reach].Slow + loss, _losses[reach].Fast + loss);
        _corrections[reach].Observe(published, value);
        for (var i = 0; i < _covered.Length; i++)
        {
            _covered[i] += value <= published[i] ? 1 : 0;
        }

        return loss;
    }

    private static double PinballOf(double high, double value)
        => value >= high ? HighLevel * (value - high) : (1 - HighLevel) * (high - value);

    /// <summary>Faded sums of the loss over one reach, with a long and a short memory.</summary>
    public readonly record struct ReachLoss(double Slow, double Fast);
}
