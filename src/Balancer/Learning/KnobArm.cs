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
        new("near", "looks no further than the next minutes",
            new TuningKnobs { HorizonFactor = 0.25 }),
        new("far", "looks further ahead", new TuningKnobs { HorizonFactor = 2 }),
        new("prompt", "transfers leaderships without waiting for the deadline",
            new TuningKnobs { AtOnceFactor = 0.3 }),
        new("roomy", "keeps nodes emptier than the policy asks",
            new TuningKnobs { ThresholdFactor = 0.94, AtOnceFactor = 0.6 }),
        new("nimble", "looks no further than the next minutes, trusts targets and transfers without waiting",
            new TuningKnobs { ActSigmas = -0.7, TrustSigmas = -1.1, HorizonFactor = 0.25, AtOnceFactor = 0.3 }),
        new("nimble-roomy", "does the same and keeps nodes emptier than the policy asks",
            new TuningKnobs
            {
                ActSigmas = -0.7, TrustSigmas = -1.1, HorizonFactor = 0.25, AtOnceFactor = 0.3, ThresholdFactor = 0.94,
            }),
        new("frugal", "acts on likely overloads only, a few moves at a time, with longer rests",
            new TuningKnobs
            {
                ActSigmas = -0.7, TrustSigmas = -0.4, HorizonFactor = 0.5, CooldownFactor = 2, ConcurrencyFactor = 0.5,
            }),
        new("gentle", "moves smaller parts, with longer rests",
            new TuningKnobs { GapFactor = 0.6, CooldownFactor = 2 }),
    ];
}
