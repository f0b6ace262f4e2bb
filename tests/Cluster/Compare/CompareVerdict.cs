namespace ShardStore.Cluster.Tests.Compare;

/// <summary>What follows from the rounds: medians over those that can be compared, and whether the predictive balancer
/// has kept its promise.</summary>
internal sealed class CompareVerdict
{
    /// <summary>Of the reactive run's node-seconds over capacity.</summary>
    public const double OverCapacityRatioMax = 0.5;

    public const int RoundsLeast = 5;

    private readonly IReadOnlyList<RoundResult> _rounds;
    private readonly RoundResult[] _compared;
    private readonly bool _isEnforced;

    /// <param name="rounds">All that ran.</param>
    /// <param name="isEnforced">Nodes could not use more than their capacity.</param>
    public CompareVerdict(IReadOnlyList<RoundResult> rounds, bool isEnforced)
    {
        (_rounds, _isEnforced) = (rounds, isEnforced);
        _compared = [.. rounds.Where(round => round.IsComparable)];
    }

    public int Compared => _compared.Length;

    /// <summary>Predictive against reactive, of medians; null where reactive's is 0.</summary>
    public double? OverCapacityRatio => Ratio(run => run.OverCapacityS);
    public double? MsP99Ratio => Ratio(run => run.Latency.MsP99);

    public bool IsShown => _isEnforced && Compared >= RoundsLeast
        && OverCapacityRatio <= OverCapacityRatioMax && MsP99Ratio < 1;

    /// <summary>Middle of one figure; between the middle two of an even number. NaN of none.</summary>
    public double Median(Func<RoundResult, RunFigures> mode, Func<RunFigures, double> figure)
    {
        var sorted = _compared.Select(round => figure(mode(round))).Order().ToArray();
        return sorted.Length == 0
            ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    public double? Ratio(Func<RunFigures, double> figure)
    {
        var reactive = Median(round => round.Reactive, figure);
        return reactive > 0 ? Median(round => round.Predictive, figure) / reactive : null;
    }

    public override string ToString()
    {
        if (Compared == 0)
            return $"NOT SHOWN: none of {_rounds.Count} rounds can be compared";
        var better = _compared.Count(round => round.Predictive.OverCapacityS < round.Reactive.OverCapacityS);
        var seconds = OverCapacityRatio is { } ratio
            ? FormattableString.Invariant($"{1 - ratio:P0} fewer seconds over capacity than reactive (goal ")
                + FormattableString.Invariant($"{1 - OverCapacityRatioMax:P0})")
            : "reactive was never over capacity";
        var reactive = Median(round => round.Reactive, run => run.Latency.MsP99);
        var predictive = Median(round => round.Predictive, run => run.Latency.MsP99);
        var latency = FormattableString.Invariant($"p99 {predictive:0} ms against {reactive:0} ms");
        return $"{(IsShown ? "shown" : "NOT SHOWN")}: predictive: {seconds}, {latency}; fewer in {better} of "
            + $"{Compared} rounds that can be compared, of {_rounds.Count}{Lacks()}";
    }

    private string Lacks()
    {
        if (!_isEnforced)
            return "; nothing keeps a node to its capacity here, so that no node was ever full";
        return Compared < RoundsLeast ? $"; at least {RoundsLeast} are needed" : "";
    }
}
