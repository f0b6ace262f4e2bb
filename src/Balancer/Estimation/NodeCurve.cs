using System.Numerics;

namespace ShardStore.Balancer;

/// <summary>A change of what one shard costs on a node: cores per op afterwards less before, and the same of the
/// squares, which the spread needs.</summary>
internal readonly record struct CostChange(int Shard, double Linear, double Square)
{
    public static readonly CostChange None = new(-1, 0, 0);

    public static CostChange Between(int shard, double before, double after) =>
        new(shard, after - before, (after * after) - (before * before));
}

/// <summary>How a node's load is judged: the limit, the quantiles in sigmas, and how errors go together.</summary>
internal readonly record struct RiskRules(double Threshold, double ActSigmas, double TrustSigmas, double Correlation)
{
    /// <summary>Probability of passing the threshold within the horizon beyond which a source is endangered.</summary>
    public required double ActChance { get; init; }

    /// <summary>The same up to which a target is safe beyond doubt.</summary>
    public required double TrustChance { get; init; }

    public static RiskRules From(TriggerRules rules) => new(
        rules.Threshold, Gauss.Sigmas(rules.ActQuantile), Gauss.Sigmas(rules.TrustQuantile), rules.ErrorCorrelation)
    {
        ActChance = 1 - rules.ActQuantile,
        TrustChance = 1 - rules.TrustQuantile,
    };
}

/// <summary>One pass over a node's curve. Probability is that of passing the threshold in any step; overload is
/// fraction × seconds above it, expected.</summary>
internal readonly record struct NodeRisk(double Probability, double Overload, double PeakAct, int PeakStep)
{
    public double PeakTrust { get; init; }
}

/// <summary>Expected cores of one node, step by step: the sum of its shards' medians over a constant background, and
/// two sums from which the spread follows for any correlation ρ of the shards' errors:
/// σ² = ρ (Σσ)² + (1 − ρ) Σσ². So a shard comes or goes in one addition a step, without visiting the others. What was
/// last asked of it is kept until it changes: a search asks the same of a source for every target, and of all nodes
/// again after every move.</summary>
internal sealed class NodeCurve(DemandGrid grid, double capacityCores)
{
    // Step after step: the medians, then the sums of sigmas, then those of their squares.
    private readonly double[] _sums = new double[3 * grid.Steps];
    private double _background;
    private KnownRisk _unchanged;
    private KnownRisk _changed;

    public double CapacityCores { get; } = capacityCores;

    /// <summary>Measured cores that the shards' costs do not explain; may be negative where they explain too much.
    /// </summary>
    public double BackgroundCores
    {
        get => _background;
        set
        {
            _background = value;
            Forget();
        }
    }

    private Span<double> Medians => _sums.AsSpan(0, grid.Steps);

    private Span<double> SigmaSums => _sums.AsSpan(grid.Steps, grid.Steps);

    private Span<double> SigmaSquares => _sums.AsSpan(2 * grid.Steps, grid.Steps);

    public void Apply(CostChange change)
    {
        Forget();
        var median = grid.Median(change.Shard);
        var sigma = grid.Sigma(change.Shard);
        var medians = Medians;
        var sums = SigmaSums;
        var squares = SigmaSquares;
        var (linear, square) = (new Vector<double>(change.Linear), new Vector<double>(change.Square));
        var i = 0;
        for (; i <= medians.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var sigmas = new Vector<double>(sigma[i..]);
            (new Vector<double>(medians[i..]) + (linear * new Vector<double>(median[i..]))).CopyTo(medians[i..]);
            (new Vector<double>(sums[i..]) + (linear * sigmas)).CopyTo(sums[i..]);
            (new Vector<double>(squares[i..]) + (square * sigmas * sigmas)).CopyTo(squares[i..]);
        }
        for (; i < medians.Length; i++)
        {
            medians[i] += change.Linear * median[i];
            sums[i] += change.Linear * sigma[i];
            squares[i] += change.Square * sigma[i] * sigma[i];
        }
    }

    public double ShardCores(int step) => Medians[step];

    /// <summary>Fraction of capacity at a step, that many sigmas above the median.</summary>
    public double Fraction(int step, double sigmas, double correlation)
    {
        var mean = BackgroundCores + Medians[step];
        var spread = sigmas == 0 ? 0
            : sigmas * WithNoise(Spread(SigmaSums[step], SigmaSquares[step], correlation), mean);
        return Math.Max(0, mean + spread) / CapacityCores;
    }

    /// <summary>The node's risk with a change applied, without applying it.</summary>
    public NodeRisk Risk(RiskRules rules, CostChange change)
    {
        ref var known = ref change.Shard < 0 ? ref _unchanged : ref _changed;
        if (!known.Answers(rules, change))
            known = new KnownRisk(rules, change, Compute(rules, change));
        return known.Risk;
    }

    private NodeRisk Compute(RiskRules rules, CostChange change)
    {
        var median = change.Shard < 0 ? default : grid.Median(change.Shard);
        var sigma = change.Shard < 0 ? default : grid.Sigma(change.Shard);
        var medians = Medians;
        var sums = SigmaSums;
        var squares = SigmaSquares;
        var crossing = new CrossingChance(rules.Threshold);
        double overload = 0, peak = double.NegativeInfinity, trust = 0;
        var peakStep = 0;
        for (var i = 0; i < medians.Length; i++)
        {
            var shardSigma = sigma.IsEmpty ? 0 : sigma[i];
            var mean = BackgroundCores + medians[i] + (median.IsEmpty ? 0 : change.Linear * median[i]);
            var spread = WithNoise(Spread(
                sums[i] + (change.Linear * shardSigma),
                squares[i] + (change.Square * shardSigma * shardSigma),
                rules.Correlation), mean) / CapacityCores;
            mean = Math.Max(0, mean) / CapacityCores;
            crossing.Add(mean, spread);
            overload += Gauss.MeanExcess(rules.Threshold, mean, spread) * grid.StepSeconds;
            trust = Math.Max(trust, mean + (rules.TrustSigmas * spread));
            var act = mean + (rules.ActSigmas * spread);
            if (act > peak)
                (peak, peakStep) = (act, i);
        }
        return new NodeRisk(crossing.Probability, overload, peak, peakStep) { PeakTrust = trust };
    }

    private void Forget() => (_unchanged, _changed) = (default, default);

    private double WithNoise(double spread, double mean) =>
        Math.Sqrt((spread * spread) + (grid.LoadNoise * mean * grid.LoadNoise * mean));

    // Sums kept by addition and subtraction may end a hair below zero.
    private static double Spread(double sum, double squares, double correlation) =>
        Math.Sqrt(Math.Max(0, (correlation * sum * sum) + ((1 - correlation) * squares)));

    /// <summary>An answer and what it answers.</summary>
    private readonly struct KnownRisk(RiskRules rules, CostChange change, NodeRisk risk)
    {
        private readonly bool _isKnown = true;
        private readonly RiskRules _rules = rules;
        private readonly CostChange _change = change;

        public NodeRisk Risk { get; } = risk;

        public bool Answers(RiskRules asked, CostChange about) => _isKnown && _change == about && _rules == asked;
    }
}
