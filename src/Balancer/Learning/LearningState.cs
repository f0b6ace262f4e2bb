using System.Collections.Immutable;

namespace ShardStore.Balancer.Learning;

/// <summary>What a cluster has learnt of an agent since it has it: small, so that it can be kept with the cluster and
/// outlive whoever decides.</summary>
public sealed record LearningState
{
    public LearningGuard Guard { get; init; } = new();

    /// <summary>Arms that have been in force, by name.</summary>
    public ImmutableArray<ArmTally> Arms { get; init; } = [];

    /// <summary>What is to be added to the change that an agent expects of an arm.</summary>
    public double Correction(string arm)
    {
        foreach (var tally in Arms)
        {
            if (tally.Name == arm)
            {
                return tally.Correction;
            }
        }

        return 0;
    }

    /// <summary>The state after an interval with an agent's arm in force.</summary>
    /// <param name="arm">Its name.</param>
    /// <param name="cost">Points a node.</param>
    /// <param name="expected">What the policy's own values would have cost.</param>
    /// <param name="change">What the agent expected of the arm.</param>
    public LearningState With(string arm, double cost, double expected, double change)
    {
        var tallies = Arms.ToList();
        var place = tallies.FindIndex(tally => tally.Name == arm);
        if (place < 0)
        {
            place = tallies.FindIndex(tally => string.CompareOrdinal(tally.Name, arm) > 0);
            place = place < 0 ? tallies.Count : place;
            tallies.Insert(place, new ArmTally(arm, 0, 0, 0, 0));
        }

        tallies[place] = tallies[place].With(cost, expected, change);
        return this with { Arms = [.. tallies] };
    }
}

/// <summary>What came of one arm while it was in force, older intervals counting less.</summary>
/// <param name="Name">Of the arm.</param>
/// <param name="Intervals">How many.</param>
/// <param name="Cost">Points a node.</param>
/// <param name="Expected">What the policy's own values would have cost in them.</param>
/// <param name="Change">Sum of what the agent expected, in shares of cost.</param>
public readonly record struct ArmTally(string Name, double Intervals, double Cost, double Expected, double Change)
{
    /// <summary>About ten days of intervals are remembered.</summary>
    private const double Kept = 0.999;

    /// <summary>Intervals that training is worth: two days. An hour of luck changes nothing.</summary>
    private const double TrainingWorth = 192;

    private const double CorrectionMin = -0.5;
    private const double CorrectionMax = 2;

    /// <summary>How much worse it came than expected, as far as it has been seen; below 0: better.</summary>
    public double Correction => Expected > 0 && Intervals > 0
        ? Intervals / (Intervals + TrainingWorth)
            * Math.Clamp((Cost / Expected) - 1 - (Change / Intervals), CorrectionMin, CorrectionMax)
        : 0;

    public ArmTally With(double cost, double expected, double change) => new(
        Name, (Kept * Intervals) + 1, (Kept * Cost) + cost, (Kept * Expected) + expected, (Kept * Change) + change);
}
