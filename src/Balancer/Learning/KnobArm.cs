namespace ShardStore.Balancer.Learning;

/// <summary>One of the few settings that an agent chooses from. Whole settings instead of a knob at a time: knobs act
/// together, and every arm has to be tried on every load.</summary>
/// <param name="Name">Stable: agents on disk refer to it.</param>
/// <param name="Deed">What it does, for people; completes "The agent …".</param>
/// <param name="Knobs">Relative to the policy's own values.</param>
public sealed record KnobArm(string Name, string Deed, TuningKnobs Knobs)
{
    /// <summary>The first one is the policy itself.</summary>
    public static readonly IReadOnlyList<KnobArm> All =
    [
        new("own", "leaves the policy's own values as they are", TuningKnobs.Neutral),
        new("early", "lets smaller chances of an overload count",
            new TuningKnobs { ActSigmas = 0.5, TrustSigmas = 0.5 }),
        new("sure", "acts on likely overloads only", new TuningKnobs { ActSigmas = -0.7, TrustSigmas = -0.4 }),
        new("trusting", "acts on likely overloads only and doubts targets as little as sources",
            new TuningKnobs { ActSigmas = -1.2, TrustSigmas = -1.6 }),
        new("far", "looks further ahead", new TuningKnobs { HorizonFactor = 2 }),
        new("prompt", "transfers leaderships without waiting for the deadline",
            new TuningKnobs { AtOnceFactor = 0.3 }),
        new("roomy", "keeps nodes emptier than the policy asks", new TuningKnobs { ThresholdFactor = 0.96 }),
        new("roomier", "keeps nodes much emptier than the policy asks", new TuningKnobs { ThresholdFactor = 0.92 }),
        new("roomy-prompt", "keeps nodes emptier than the policy asks and transfers leaderships without waiting",
            new TuningKnobs { ThresholdFactor = 0.94, AtOnceFactor = 0.4, ActSigmas = 0.2, TrustSigmas = 0.2 }),
        new("roomy-nimble", "keeps nodes emptier than the policy asks, looks less far and trusts targets",
            new TuningKnobs
            {
                ThresholdFactor = 0.94, AtOnceFactor = 0.3, ActSigmas = -0.5, TrustSigmas = -0.8, HorizonFactor = 0.5,
            }),
        new("frugal", "acts on likely overloads only, a few moves at a time, with longer rests",
            new TuningKnobs
            {
                ActSigmas = -0.7, TrustSigmas = -0.4, CooldownFactor = 2, ConcurrencyFactor = 0.5,
            }),
        new("gentle", "moves smaller parts", new TuningKnobs { GapFactor = 0.75 }),
    ];
}
