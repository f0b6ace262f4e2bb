namespace ShardStore.Balancer.Forecasting;

/// <summary>What <see cref="DemandForecaster"/> keeps of one series between rounds: the candidates' fits and records,
/// the combination's weights, who acts, and the last answer, which stands until a new sample arrives. It belongs to
/// the series, not to a place: a shard that moves takes it along.</summary>
internal sealed class SeriesRecord
{
    private readonly FitSlot[] _fits;
    private readonly Combination _combination;

    public SeriesRecord(int members, int baselines, int steps, ForecastTuning tuning)
    {
        _fits = new FitSlot[members];
        _combination = new Combination(members, tuning);
        Backtest = new RollingBacktest(members + 1, baselines, steps, tuning);
        Trail = new ForecastTrail(steps);
    }

    public RollingBacktest Backtest { get; }

    public ForecastTrail Trail { get; }

    /// <summary>Grid position of the newest sample already scored; null before the first.</summary>
    public long? Seen { get; private set; }

    public bool Warm { get; set; }

    public int Acting { get; set; } = ForecastSelector.LastValueIndex;

    public long LastRound { get; set; }

    /// <summary>Null when it has to be computed anew.</summary>
    public SeriesForecast? Answer { get; set; }

    /// <summary>Takes known usage out of the series; null where none is known.</summary>
    public UsageAdjustment? Adjustment { get; private set; }

    /// <summary>Whether a series can continue the one this record is about. One that ends earlier cannot, nor one of
    /// which something else is known: losses and coverage are of the load without it, and would compare two
    /// different loads.</summary>
    public bool Continues(SeriesView view)
        => Seen is not { } seen
            || (view.History.Count > 0 && view.History.LastStep >= seen
                && (Adjustment?.Serves(view) ?? view.Usage is null));

    /// <summary>The series as forecasters see it: without what is known of it.</summary>
    public SeriesView Adjust(SeriesView view)
    {
        if (view.Usage is null || view.History.Count == 0)
        {
            return view;
        }

        if (Adjustment is null)
        {
            Adjustment = new UsageAdjustment(view);
        }
        else if (Adjustment.Follow(view.History))
        {
            Array.Clear(_fits);
        }

        return view with { History = Adjustment.Adjusted };
    }

    /// <summary>Scores the samples that came since the last round; those that have already left the history are
    /// lost, and with them only a little evidence, and so are those that nobody took: a value repeated over a gap
    /// would make the last value look perfect. Positions on the grid, not objects, tell what is new: a caller may
    /// rebuild its histories each round.</summary>
    /// <param name="history">The series as forecasters see it.</param>
    /// <param name="measured">The same as it was measured, with what is known of it: that is what people look
    /// back at.</param>
    public void Observe(LoadHistory history, LoadHistory measured)
    {
        if (history.Count == 0 || history.LastStep == Seen)
        {
            return;
        }

        var values = history.Values;
        var last = history.LastStep;
        var first = Math.Max(Seen + 1 ?? last, last - values.Length + 1);
        for (var position = first; position <= last; position++)
        {
            if (!history.IsFilled(position))
            {
                var fromEnd = (int)(last - position + 1);
                Backtest.Observe(position, values[^fromEnd]);
                Trail.Observe(position, measured.Values[^fromEnd]);
            }
        }

        Seen = last;
        Answer = null;
    }

    public SeriesFit? FitOf(int member) => _fits[member].Fit;

    public bool HasTriedFit(int member) => _fits[member].Tried;

    /// <summary>Samples since a member last estimated; the largest number where it never did.</summary>
    public long FitAge(int member, long position)
        => _fits[member].Tried ? position - _fits[member].Position : long.MaxValue;

    public void KeepFit(int member, SeriesFit? fit, long position) => _fits[member] = new FitSlot(fit, position, true);

    /// <summary>The members' forecasts with their quantiles corrected, and the combination of them.</summary>
    public QuantileForecast[] Publish(ReadOnlySpan<QuantileForecast> raw)
    {
        var published = new QuantileForecast[raw.Length + 1];
        for (var member = 0; member < raw.Length; member++)
        {
            published[member] = Backtest.Correct(member, raw[member]);
        }

        var mixed = _combination.Mix(Backtest, published.AsSpan(0, raw.Length));
        published[^1] = Backtest.Correct(raw.Length, mixed);
        return published;
    }

    /// <summary>The members that weigh anything in the combination last published.</summary>
    public List<MemberWeight> Members(IReadOnlyList<string> names)
    {
        var members = new List<MemberWeight>();
        for (var i = 0; i < _fits.Length; i++)
        {
            var (near, middle, far) = (WeightAt(0, i), WeightAt(1, i), WeightAt(2, i));
            if (near + middle + far > 0)
            {
                members.Add(new MemberWeight(names[i], near, middle, far));
            }
        }

        return members;
    }

    private double WeightAt(int reach, int member)
        => _combination.WeightsAt(Math.Min(reach, Backtest.Reaches.Count - 1))[member];

    private readonly record struct FitSlot(SeriesFit? Fit, long Position, bool Tried);
}
