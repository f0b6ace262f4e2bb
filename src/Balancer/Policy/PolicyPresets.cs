namespace ShardStore.Balancer;

/// <summary>Named starting points: a document says <c>"preset":"cost"</c> and then only what it wants otherwise. They
/// move weights and knobs within what <see cref="PolicyChecks"/> allows; the defaults lie between them.</summary>
public static class PolicyPresets
{
    /// <summary>Fewer moves and fewer bytes: nodes run fuller, and only a likely overload is worth a move.</summary>
    public const string Cost = "cost";

    /// <summary>Clients feel little: room on every node, and moves that take their time.</summary>
    public const string Performance = "performance";

    /// <summary>No overload if it can be foreseen: small chances count, and moves are over long before.</summary>
    public const string Availability = "availability";

    public static readonly IReadOnlyList<string> Names = [Cost, Performance, Availability];

    /// <summary>What a document with this preset says where it is silent. Null: the defaults.</summary>
    /// <exception cref="PolicyException">There is no such preset.</exception>
    public static BalancingPolicy Of(string? name) => name switch
    {
        null => BalancingPolicy.Default,
        Cost => new BalancingPolicy
        {
            Preset = Cost,
            Weights = new ObjectiveWeights { Availability = 1, Performance = 1, Cost = 3 },
            Triggers = new TriggerRules
            {
                Threshold = 0.85,
                ActQuantile = 0.8,
                TrustQuantile = 0.9,
                ReplicaChance = 0.95,
                UrgencyMin = 25,
            },
            Limits = new MoveLimits { ReplicaMovesMax = 2, CooldownSeconds = 1800, ReplicaFloor = 0.05 },
        },
        Performance => new BalancingPolicy
        {
            Preset = Performance,
            Weights = new ObjectiveWeights { Availability = 1, Performance = 3, Cost = 1 },
            Triggers = new TriggerRules { Threshold = 0.7 },
            Limits = new MoveLimits { ReplicaMovesPerNodeMax = 1, BytesPerSecondMax = 30_000_000 },
        },
        Availability => new BalancingPolicy
        {
            Preset = Availability,
            Weights = new ObjectiveWeights { Availability = 3, Performance = 1, Cost = 1 },
            Triggers = new TriggerRules
            {
                Threshold = 0.75,
                ActQuantile = 0.95,
                TrustQuantile = 0.99,
                ReplicaChance = 0.6,
                MarginSeconds = 180,
            },
        },
        _ => throw new PolicyException(
            "$.preset", $"'{name}' is not known; {string.Join(", ", Names)} or none is"),
    };
}
