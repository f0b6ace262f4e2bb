namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>What one replay showed. Errors are relative, times are of the trace.</summary>
internal sealed record ForesightResult
{
    /// <summary>Where `ctl forecast` looks back from: an hour.</summary>
    public const int NearSteps = 12;

    public required string Name { get; init; }
    public required int HotShard { get; init; }
    public required string HotNode { get; init; }
    /// <summary>Of the hot node. Unit: cores.</summary>
    public required double LimitCores { get; init; }

    /// <summary>One horizon ahead, and an hour.</summary>
    public required ForecastErrors DemandFar { get; init; }
    public required ForecastErrors DemandNear { get; init; }
    public required ForecastErrors UseFar { get; init; }
    public required ForecastErrors UseNear { get; init; }

    /// <summary>From the end of the warm-up; null: the hot node never passed its limit.</summary>
    public required double? BreachMinutes { get; init; }

    public required double LeadMinutes { get; init; }

    /// <summary>What was said of the moment, less the moment; null where nothing was said.</summary>
    public required double? OffMinutes { get; init; }

    /// <summary>Outlooks of all nodes.</summary>
    public required CallCounts Calls { get; init; }

    /// <summary>What went otherwise than planned; empty when nothing did.</summary>
    public required string Disturbance { get; init; }

    public required string Bench { get; init; }

    public override string ToString() => FormattableString.Invariant(
            $"{Name}: s{HotShard} on {HotNode}, limit {LimitCores:0.00} cores; ")
        + $"demand {Text(DemandFar)}, an hour ahead {Text(DemandNear)}; CPU {Text(UseFar)}, {Text(UseNear)}; "
        + BreachText() + $"; outlooks {Calls}; {Bench}"
        + (Disturbance.Length > 0 ? $"; {Disturbance}" : "");

    private string BreachText()
    {
        if (BreachMinutes is not { } breach)
            return "no breach came";
        var off = OffMinutes is { } minutes ? FormattableString.Invariant($", said {minutes:+0;-0} min off") : "";
        return FormattableString.Invariant($"breach at {breach:0} min, foreseen {LeadMinutes:0} min before{off}");
    }

    private static string Text(ForecastErrors errors) => FormattableString.Invariant(
        $"{errors.Median:P1} (unchanged {errors.MedianIfNothingChanged:P1}, of {errors.Count})");
}
