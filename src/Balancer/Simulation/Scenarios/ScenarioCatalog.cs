namespace ShardStore.Balancer.Simulation;

/// <summary>The generated loads. Each is about one thing, so that what a strategy is bad at can be told.</summary>
public static class ScenarioCatalog
{
    private const int HourSteps = 12;

    private static readonly ScenarioShape s_flat = new() { Curve = DayCurve.Flat };
    private static readonly ScenarioShape s_day = new();

    public static IReadOnlyList<Scenario> All { get; } = [.. Daily(), .. Changing(), .. Random(), .. Clusters()];

    private static IEnumerable<Scenario> Daily() =>
    [
        new("steady", "the same all day, with little noise", s_flat),
        new("day", "a day curve, all shards at the same hours", s_day with { Phases = 1, Swing = 0.4 }),
        new("day-phases", "a day curve, four groups of shards at other hours", s_day),
        new("day-swing", "the same, twelve groups and nearly nothing at night",
            s_day with { Phases = 12, Swing = 0.95 }),
        new("office", "office hours in three time zones, steep mornings",
            s_day with { Curve = DayCurve.Office, Phases = 3 }),
        new("batch", "two hours of batch work a day, six groups in turn",
            s_day with { Curve = DayCurve.Batch, Phases = 6 }),
        new("week", "a day curve, and a third of it at weekends; the scored days begin on a Monday",
            s_day with { WeekendFactor = 0.35 }),
        new("crowd-daily", "a crowd of four times the load at the same hour each day",
            s_day with { Crowd = CrowdKind.Daily, Swing = 0.3 }),
    ];

    private static IEnumerable<Scenario> Changing() =>
    [
        new("growth", "a quarter of the shards grows by 8 % a day", s_day with { GrowthPerDay = 0.08 }),
        new("ramp", "a fifth of the shards climbs to three times its load within hours",
            s_flat with { RampShare = 0.2 }),
        new("ramp-day", "the same on top of a day curve", s_day with { RampShare = 0.2, Swing = 0.4 }),
        new("shift", "a tenth of the shards changes to two and a half times its load, for good",
            s_flat with { ShiftShare = 0.1 }),
        new("crowd-surprise", "a crowd of four times the load that nothing tells, once a day",
            s_day with { Crowd = CrowdKind.Surprise, Swing = 0.3 }),
        new("crowd-announced", "the same, known to operators",
            s_day with { Crowd = CrowdKind.Announced, Swing = 0.3 }),
        new("hot-wanders", "every four hours another shard has a tenth of all load",
            s_flat with { HotShare = 0.1, HotSteps = 4 * HourSteps }),
    ];

    private static IEnumerable<Scenario> Random() =>
    [
        new("noise", "no pattern but noise of a fifth, new in every step",
            s_flat with { Noise = 0.2, NoiseMemory = 0 }),
        new("noise-lasting", "noise of a fifth that lasts for an hour",
            s_flat with { Noise = 0.2, NoiseMemory = 0.92 }),
        new("walk", "random walks", s_flat with { Walk = 0.04, LevelSpread = 0.2 }),
        new("bursts", "short bursts of four times the load", s_flat with { BurstChance = 0.004 }),
    ];

    private static IEnumerable<Scenario> Clusters() =>
    [
        new("hot-shard", "one shard has a fifth of all load: no move cures that",
            s_day with { HotShare = 0.2, Swing = 0.3 }),
        new("skewed-load", "few shards have most of the load", s_day with { LevelSpread = 1.1 }),
        new("skewed-sizes", "few shards have most of the bytes", s_day, rules => rules with { SizeSpread = 1.5 }),
        new("writes", "writes only: followers carry nearly as much as leaders",
            s_day, rules => rules with { ReadShare = (0, 0.1) }),
        new("mixed-nodes", "the largest node has three times the cores of the smallest",
            s_day, rules => rules with { CapacityRatio = 3 }),
        new("drain", "a node is drained at 8:00", s_day,
            events: start => [new ClusterEvent(start + (8 * HourSteps), ClusterEventKind.Drain, 1)]),
        new("failure", "a node fails at 10:00 and returns four hours later", s_day,
            events: start =>
            [
                new ClusterEvent(start + (10 * HourSteps), ClusterEventKind.Fail, 1),
                new ClusterEvent(start + (14 * HourSteps), ClusterEventKind.Return, 1),
            ]),
        new("failure-replaced", "a node fails at 10:00 for good and is drained an hour later", s_day,
            events: start =>
            [
                new ClusterEvent(start + (10 * HourSteps), ClusterEventKind.Fail, 1),
                new ClusterEvent(start + (11 * HourSteps), ClusterEventKind.Drain, 1),
            ]),
    ];
}
