namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET /api/v1/forecasts/{shard}: quantiles of the coming demand.</summary>
public sealed record ForecastView
{
    public required int Shard { get; init; }

    /// <summary>What is forecast; opsPerSecond.</summary>
    public required string Metric { get; init; }

    public required double StepSeconds { get; init; }

    /// <summary>Start of the first step.</summary>
    public required long StartUnixMs { get; init; }

    /// <summary>Quantile levels, such as 0.1, 0.5, 0.9.</summary>
    public required IReadOnlyList<double> Levels { get; init; }

    /// <summary>One row a step, one value a level.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Values { get; init; }

    /// <summary>The model that answers.</summary>
    public required string Method { get; init; }

    /// <summary>ok, notEnoughHistory or fallback.</summary>
    public required string State { get; init; }

    public string? Reason { get; init; }

    /// <summary>Steps of history behind it.</summary>
    public int HistorySteps { get; init; }

    /// <summary>What usage profiles contribute; those that do so in no step are left out.</summary>
    public IReadOnlyList<ForecastPartView> Parts { get; init; } = [];

    /// <summary>Every model's rolling backtest; smaller is better.</summary>
    public IReadOnlyList<ModelScoreView> Scores { get; init; } = [];

    /// <summary>What the members of the combination weigh, whether or not it answers.</summary>
    public IReadOnlyList<MemberView> Members { get; init; } = [];

    /// <summary>How often each level of the model that answers covered what came.</summary>
    public IReadOnlyList<CoverageView> Coverage { get; init; } = [];

    /// <summary>The newest steps, oldest first: what was said of each of them 12 steps before, and what came.</summary>
    public IReadOnlyList<PastForecastView> Past { get; init; } = [];
}

/// <summary>How a model did in the rolling backtest. <paramref name="Loss"/>: weighted quantile loss.</summary>
public sealed record ModelScoreView(string Method, double Loss, int Windows, bool BeatsBaseline);

/// <summary>Weights over the short (1–4), middle (5–12) and long (13–30) steps; each column sums to 1.</summary>
public sealed record MemberView(string Method, double Short, double Middle, double Long);

/// <summary>Share of <paramref name="Compared"/> samples, older ones faded, at or below the quantile of the level; null
/// before the first.</summary>
public sealed record CoverageView(double Level, double? Share, double Compared);

/// <summary>Quantiles 0.1, 0.5 and 0.9 as they were forecast for the step that starts at
/// <paramref name="StartUnixMs"/>, and what was measured there; null where nothing was.</summary>
public sealed record PastForecastView(long StartUnixMs, double Low, double Median, double High, double? Came);

/// <summary>One named part of a forecast, which is in <see cref="ForecastView.Values"/> already.
/// <paramref name="Kind"/>: growth, window or event. <paramref name="CameTrue"/>: the exponent of the declared factor
/// that acts, 1 as declared. <paramref name="Multipliers"/>: one a step; 1 where the part does not act.</summary>
public sealed record ForecastPartView(string Kind, string Name, double CameTrue, IReadOnlyList<double> Multipliers);
