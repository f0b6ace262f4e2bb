namespace ShardStore.Balancer.Forecasting;

/// <summary>How a trial stands.</summary>
public enum TrialOutcome
{
    /// <summary>More has to come before anything can be said.</summary>
    Open,

    /// <summary>The one that runs beside is better than the one that acts, by more than chance.</summary>
    Better,

    /// <summary>It is worse, by more than chance.</summary>
    Worse,

    /// <summary>Enough came, and neither is better.</summary>
    Alike,
}

/// <summary>What a trial has seen.</summary>
/// <param name="Outcome">What follows from it.</param>
/// <param name="Blocks">Stretches of <see cref="ModelTrial.BlockSteps"/> samples compared.</param>
/// <param name="Difference">Mean over blocks of 2 (b − a) / (a + b), a the loss of the one that acts, b that of the one
/// beside: −0.1 is a tenth less. NaN without a block.</param>
/// <param name="StandardError">Of the difference; NaN below two blocks.</param>
public readonly record struct TrialResult(TrialOutcome Outcome, int Blocks, double Difference, double StandardError);

/// <summary>
/// Two whole forecasters side by side on the same rounds: which one is better at what both said of a sample
/// <see cref="ForecastTrail.ReachMax"/> steps before it came? The loss is the one that the combination is weighed by,
/// the difference relative on each series, so that a large load counts like a small one. Errors within a block go
/// together, so that blocks and not samples are counted (batch means). The result is looked at again and again, and
/// two standard errors are then less than they promise: that is why nothing is said before
/// <see cref="BlocksMin"/> blocks.
/// </summary>
public sealed class ModelTrial
{
    /// <summary>Samples in a block: as many as a forecast looks ahead here.</summary>
    public const int BlockSteps = ForecastTrail.ReachMax;

    /// <summary>A day at 5 minutes.</summary>
    public const int BlocksMin = 24;

    /// <summary>Three days at 5 minutes; older blocks are forgotten.</summary>
    public const int BlocksMax = 72;

    /// <summary>A difference that is not worth a change of the model.</summary>
    private const double Negligible = 0.005;

    private const double StandardErrors = 2;

    private readonly Dictionary<SeriesId, Pair> _pairs = [];
    private readonly SortedDictionary<long, Block> _blocks = [];

    public TrialResult Result => Judge([.. _blocks.Values.Select(block => block.Sum / block.Count)]);

    /// <summary>Compares what both rounds know of samples that came since the last.</summary>
    /// <param name="acting">The round that acts.</param>
    /// <param name="beside">The other forecaster's, of the same series in the same order.</param>
    public void Observe(ForecastRound acting, ForecastRound beside)
    {
        for (var i = 0; i < acting.Series.Count; i++)
        {
            var (a, b) = (acting.Series[i], beside.Series[i]);
            if (a.Id != b.Id)
            {
                throw new ArgumentException(
                    $"Series {i} is {b.Id.Value} beside and {a.Id.Value} acting: both rounds are of the same.",
                    nameof(beside));
            }

            Observe(a, b);
        }

        while (_blocks.Count > BlocksMax)
        {
            _blocks.Remove(_blocks.Keys.First());
        }
    }

    private void Observe(SeriesForecast acting, SeriesForecast beside)
    {
        if (!_pairs.TryGetValue(acting.Id, out var pair))
        {
            // What either said before it knew the series is not what it is worth.
            if (!IsWarm(acting) || !IsWarm(beside))
            {
                return;
            }

            pair = new Pair { Seen = acting.LastStep + BlockSteps };
            _pairs.Add(acting.Id, pair);
        }

        if (acting.LastStep <= pair.Seen)
        {
            return;
        }

        var others = beside.Past.ToDictionary(past => past.Step);
        foreach (var past in acting.Past)
        {
            if (past.Step <= pair.Seen || double.IsNaN(past.Came) || !others.TryGetValue(past.Step, out var other))
            {
                continue;
            }

            pair.Seen = past.Step;
            if (pair.Add(past.Step / BlockSteps, LossOf(past), LossOf(other)) is { } closed)
            {
                _blocks[closed.Number] = _blocks.GetValueOrDefault(closed.Number).With(closed.Difference);
            }
        }
    }

    private static bool IsWarm(SeriesForecast series)
        => series.Losses[ForecastSelector.LastValueIndex].ScoredForecasts >= ForecastSelector.ScoredForecastsMin;

    private static double LossOf(PastForecast past) => CandidateRecord.LossOf(past.Median, past.High, past.Came);

    private static TrialResult Judge(double[] blocks)
    {
        var mean = blocks.Length > 0 ? blocks.Average() : double.NaN;
        var error = blocks.Length > 1
            ? Math.Sqrt(blocks.Sum(block => (block - mean) * (block - mean)) / (blocks.Length - 1) / blocks.Length)
            : double.NaN;
        var outcome = blocks.Length switch
        {
            < BlocksMin => TrialOutcome.Open,
            _ when mean + (StandardErrors * error) < -Negligible => TrialOutcome.Better,
            _ when mean - (StandardErrors * error) > Negligible => TrialOutcome.Worse,
            < BlocksMax => TrialOutcome.Open,
            _ => TrialOutcome.Alike,
        };
        return new TrialResult(outcome, blocks.Length, mean, error);
    }

    private readonly record struct Block(double Sum, int Count)
    {
        public Block With(double difference) => new(Sum + difference, Count + 1);
    }

    /// <summary>One series: what has been compared, and the losses of the block that is being filled.</summary>
    private sealed class Pair
    {
        private long _block = long.MinValue;
        private double _acting;
        private double _beside;

        /// <summary>Newest sample compared; at first the last one of which something was said too early.</summary>
        public long Seen { get; set; }

        /// <summary>The block that ends with this sample being of another one, if any was begun.</summary>
        public (long Number, double Difference)? Add(long block, double acting, double beside)
        {
            (long, double)? closed = null;
            if (block != _block)
            {
                var both = _acting + _beside;
                closed = _block == long.MinValue ? null : (_block, both > 0 ? 2 * (_beside - _acting) / both : 0);
                (_block, _acting, _beside) = (block, 0, 0);
            }

            _acting += acting;
            _beside += beside;
            return closed;
        }
    }
}
