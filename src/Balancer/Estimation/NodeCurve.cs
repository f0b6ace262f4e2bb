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
/// σ² = ρ (Σσ)² + (1 − ρ) Σσ². So a shard comes or goes in one addition a step, without visiting the others.</summary>
internal sealed class NodeCurve(DemandGrid grid, double capacityCores)
{
    private readonly double[] _median = new double[grid.Steps];
    private readonly double[] _sigmaSum = new double[grid.Steps];
    private readonly double[] _sigmaSquares = new double[grid.Steps];

    public double CapacityCores { get; } = capacityCores;

    /// <summary>Measured cores that the shards' costs do not explain; may be negative where they explain too much.
    /// </summary>
    public double BackgroundCores { get; set; }

    public void Apply(CostChange change)
    {
        var median = grid.Median(change.Shard);
        var sigma = grid.Sigma(change.Shard);
        for (var i = 0; i < _median.Length; i++)
        {
            _median[i] += change.Linear * median[i];
            _sigmaSum[i] += change.Linear * sigma[i];
            _sigmaSquares[i] += change.Square * sigma[i] * sigma[i];
        }
    }

    public double ShardCores(int step) => _median[step];

    /// <summary>Fraction of capacity at a step, that many sigmas above the median.</summary>
    public double Fraction(int step, double sigmas, double correlation)
    {
        var mean = BackgroundCores + _median[step];
        var spread = sigmas == 0 ? 0
            : sigmas * WithNoise(Spread(_sigmaSum[step], _sigmaSquares[step], correlation), mean);
        return Math.Max(0, mean + spread) / CapacityCores;
    }

    /// <summary>The node's risk with a change applied, without applying it.</summary>
    public NodeRisk Risk(RiskRules rules, CostChange change)
    {
        var median = change.Shard < 0 ? default : grid.Median(change.Shard);
        var sigma = change.Shard < 0 ? default : grid.Sigma(change.Shard);
        var crossing = new CrossingChance(rules.Threshold);
        double overload = 0, peak = double.NegativeInfinity, trust = 0;
        var peakStep = 0;
        for (var i = 0; i < _median.Length; i++)
        {
            var shardSigma = sigma.IsEmpty ? 0 : sigma[i];
            var mean = BackgroundCores + _median[i] + (median.IsEmpty ? 0 : change.Linear * median[i]);
            var spread = WithNoise(Spread(
                _sigmaSum[i] + (change.Linear * shardSigma),
                _sigmaSquares[i] + (change.Square * shardSigma * shardSigma),
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

    private double WithNoise(double spread, double mean) =>
        Math.Sqrt((spread * spread) + (grid.LoadNoise * mean * grid.LoadNoise * mean));

    // Sums kept by addition and subtraction may end a hair below zero.
    private static double Spread(double sum, double squares, double correlation) =>
        Math.Sqrt(Math.Max(0, (correlation * sum * sum) + ((1 - correlation) * squares)));
}
