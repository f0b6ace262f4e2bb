namespace ShardStore.Balancer.Capacity;

/// <summary>What is known of a running cluster when somebody asks how long its nodes will do.</summary>
public sealed record CapacityInput
{
    private const int DayStepsMin = 288;

    /// <summary>Nodes, placement, what demand costs, and the policy in force, its profiles' tags already made
    /// shards.</summary>
    public required ClusterSnapshot Snapshot { get; init; }

    /// <summary>Ops/s of each shard, means of steps on one grid, all of one length. A shard that is not there is asked
    /// for nothing.</summary>
    public required IReadOnlyDictionary<ShardId, double[]> History { get; init; }

    /// <summary>Steps in <see cref="History"/>.</summary>
    public required int HistorySteps { get; init; }

    /// <summary>Grid position of the history's first step: steps since Unix time 0.</summary>
    public required long FirstStep { get; init; }

    public required double StepSeconds { get; init; }

    /// <summary>Steps after which load tends to repeat itself; 1: never.</summary>
    public required int SeasonSteps { get; init; }

    /// <summary>How far to look. In a replay that is faster than the clock, a day is a season.</summary>
    public required int Days { get; init; }

    /// <summary>What people call the nodes.</summary>
    public required IReadOnlyDictionary<NodeId, string> Names { get; init; }

    public int DaySteps => SeasonSteps > 1 ? SeasonSteps : Math.Max(1, (int)Math.Round(86_400 / StepSeconds));

    /// <summary>The same in longer steps where a day has so many that days would take for ever: five minutes of a day
    /// are fine enough. Steps at either end that fill no longer one are left out.</summary>
    internal CapacityInput Coarse()
    {
        var width = Math.Max(1, DaySteps / DayStepsMin);
        var skipped = (int)((width - (FirstStep % width)) % width);
        var steps = (HistorySteps - skipped) / width;
        return width == 1 ? this : this with
        {
            History = History.ToDictionary(one => one.Key, one => Means(one.Value, skipped, width, steps)),
            HistorySteps = steps,
            FirstStep = (FirstStep + skipped) / width,
            StepSeconds = StepSeconds * width,
            SeasonSteps = Math.Max(1, SeasonSteps / width),
        };
    }

    private static double[] Means(double[] values, int skipped, int width, int steps) =>
        [.. Enumerable.Range(0, steps).Select(step => values.Skip(skipped + (step * width)).Take(width).Average())];
}

/// <summary>What is to be tried.</summary>
public sealed record CapacityChange
{
    /// <summary>As large as the median of those that there are. Range 0 to <see cref="CapacityStudy.AddedMax"/>.
    /// </summary>
    public int AddedNodes { get; init; }

    /// <summary>Emptied from the first moment on; none: nobody.</summary>
    public NodeId Drained { get; init; }

    /// <summary>In place of the one in force, its profiles with it; null: that one.</summary>
    public BalancingPolicy? Policy { get; init; }
}
