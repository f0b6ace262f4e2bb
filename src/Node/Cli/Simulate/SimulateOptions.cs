using ShardStore.Balancer;
using ShardStore.Balancer.Learning;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>Which forecasters the predictive balancer has.</summary>
internal enum ForecasterChoice
{
    All = 1,
    /// <summary>Those that cost next to nothing: last value, seasonal naive, recent means, and their mix.</summary>
    Baselines = 2,
}

/// <summary>What `simulate` is asked for.</summary>
internal sealed record SimulateOptions
{
    /// <summary>A folder with traces, or one trace; null: scenarios.</summary>
    public string? TracePath { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    public IReadOnlyList<Scenario> Scenarios { get; init; } = [];

    public required IReadOnlyList<SimulatedStrategy> Strategies { get; init; }

    /// <summary>What predictive works with.</summary>
    public PredictiveParts Parts { get; init; } = PredictiveParts.All;

    public required ClusterRules Rules { get; init; }

    public required BalancingPolicy Policy { get; init; }

    /// <summary>Of generated loads.</summary>
    public required int Shards { get; init; }

    /// <summary>Scored at most; null: all of a trace, one of a scenario.</summary>
    public int? Days { get; init; }

    /// <summary>What a point of a trace stands for. Unit: seconds. Null: what the trace says, within bounds.</summary>
    public int? StepSeconds { get; init; }

    /// <summary>About so long; a step is a whole number of ticks. Unit: seconds.</summary>
    public required int TickSeconds { get; init; }

    public required IReadOnlyList<int> Seeds { get; init; }

    public ForecasterChoice Forecasters { get; init; } = ForecasterChoice.All;

    /// <summary>Null: the model that was built with this program.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Of the learned balancer; null: the one that was built with this program.</summary>
    public LearnedAgent? Agent { get; init; }

    public bool AsJson { get; init; }

    /// <summary>Where the report goes; null: nowhere.</summary>
    public string? HtmlPath { get; init; }
}
