namespace ShardStore.Balancer.Simulation;

internal enum DayCurve
{
    Flat,
    /// <summary>A sine over the day.</summary>
    Sine,
    /// <summary>Low at night, up within an hour in the morning, down within two in the evening.</summary>
    Office,
    /// <summary>Nearly nothing but for two hours, in which it is a multiple.</summary>
    Batch,
}

internal enum CrowdKind
{
    None,
    /// <summary>Once in each scored day, at an hour that nothing tells.</summary>
    Surprise,
    /// <summary>At the same hour of every day, in the history too.</summary>
    Daily,
    /// <summary>As the surprise, but operators know when and how much.</summary>
    Announced,
}

/// <summary>The knobs of the generated loads. Factors multiply what a shard is asked for; shares are of the shards.
/// </summary>
internal sealed record ScenarioShape
{
    public DayCurve Curve { get; init; } = DayCurve.Sine;

    /// <summary>How far the sine goes up and down.</summary>
    public double Swing { get; init; } = 0.6;

    /// <summary>Groups of shards whose day begins at another hour.</summary>
    public int Phases { get; init; } = 4;

    /// <summary>On Saturdays and Sundays.</summary>
    public double WeekendFactor { get; init; } = 1;

    public double GrowthPerDay { get; init; }

    public double GrowthShare { get; init; } = 0.25;

    /// <summary>Deviation of what lasts some steps and comes by chance; its memory from step to step.</summary>
    public double Noise { get; init; } = 0.05;

    public double NoiseMemory { get; init; } = 0.8;

    /// <summary>Deviation of a step of a random walk of the logarithm.</summary>
    public double Walk { get; init; }

    /// <summary>Deviation of the logarithm of the shards' levels.</summary>
    public double LevelSpread { get; init; } = 0.5;

    public CrowdKind Crowd { get; init; } = CrowdKind.None;

    public double CrowdFactor { get; init; } = 4;

    public int CrowdSteps { get; init; } = 9;

    public double CrowdShare { get; init; } = 0.1;

    /// <summary>Of shards whose level changes for good at some time of the scored part, and by what.</summary>
    public double ShiftShare { get; init; }

    public double ShiftFactor { get; init; } = 2.5;

    /// <summary>Of shards that grow along a line for some hours of each scored day, and to what.</summary>
    public double RampShare { get; init; }

    public double RampFactor { get; init; } = 3;

    /// <summary>Chance of a burst of two steps in each step of each shard, and its factor.</summary>
    public double BurstChance { get; init; }

    public double BurstFactor { get; init; } = 4;

    /// <summary>What one shard has of the whole load; 0: nobody stands out.</summary>
    public double HotShare { get; init; }

    /// <summary>Steps after which another shard is the hot one; 0: never.</summary>
    public int HotSteps { get; init; }
}
