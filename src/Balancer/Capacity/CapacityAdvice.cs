using System.Globalization;
using ShardStore.Balancer.Simulation;

namespace ShardStore.Balancer.Capacity;

/// <summary>What an outcome means, in sentences. Numbers are written for people, times are UTC.</summary>
public static class CapacityAdvice
{
    private const int DaySeconds = 86_400;

    /// <summary>Nodes named one by one; of more only how many they are.</summary>
    private const int NamedMax = 3;

    public static IReadOnlyList<string> Of(CapacityOutcome outcome) =>
    [
        Demand(outcome), .. Relief(outcome), Balancer(outcome), .. Full(outcome), .. Effect(outcome),
    ];

    private static string Demand(CapacityOutcome outcome)
    {
        var span = outcome.RepeatedDays switch
        {
            > 1 => "week",
            1 => "day",
            var part => Seconds(part * outcome.DayMs / 1000),
        };
        var percent = 100 * outcome.GrowthPerDay;
        var growth = Math.Abs(percent) < 0.05
            ? "without growth"
            : $"{(percent > 0 ? "growing" : "falling")} by {Number(Math.Abs(percent))} % a day";
        return $"Demand of the next {Days(outcome.Now.Days)} is taken to be that of the last {span} again, {growth}.";
    }

    /// <summary>Who passes the threshold if nothing is moved, the first one first.</summary>
    private static IEnumerable<string> Relief(CapacityOutcome outcome)
    {
        var unmoved = outcome.Unmoved;
        var limit = Percent(unmoved.Threshold);
        var late = unmoved.NodeScores.Where(node => node.LastingBreachSeconds is not null)
            .OrderBy(node => node.LastingBreachSeconds).ToList();
        foreach (var node in late.Take(NamedMax))
        {
            var (name, seconds) = (unmoved.Names[node.Node], node.LastingBreachSeconds!.Value);
            yield return seconds == 0
                ? $"Node {name} needs relief now: it is above {limit} CPU, and without any move would reach "
                    + $"{Percent(node.UtilizationMax)}."
                : $"Node {name} needs relief by {Time(outcome.StartMs + (long)(1000 * seconds))}: without any move it "
                    + $"would pass {limit} CPU then, and reach {Percent(node.UtilizationMax)}.";
        }
        if (late.Count > NamedMax)
            yield return $"So would {Count(late.Count - NamedMax, "other node")}, later.";
        if (late.Count == 0)
        {
            var fullest = unmoved.NodeScores.MaxBy(node => node.UtilizationMax);
            yield return $"No node would pass {limit} CPU for {NodeLedger.LastingSeconds / 60:0} minutes even if "
                + $"nothing were moved; {unmoved.Names[fullest.Node]} comes nearest with "
                + $"{Percent(fullest.UtilizationMax)}.";
        }
    }

    private static string Balancer(CapacityOutcome outcome)
    {
        var now = outcome.Now;
        if (now.Mode == BalancerMode.Off)
            return "The balancer is off: nothing is moved but what is drained.";
        var work = $"{Count(now.Score.Moves, "move")} and {Count(now.Score.LeaderTransfers, "leader transfer")}";
        var first = now.NodeScores.Where(node => node.LastingBreachSeconds is not null)
            .OrderBy(node => node.LastingBreachSeconds).Select(node => (NodeScore?)node).FirstOrDefault();
        if (first is not { } node)
            return $"The balancer keeps every node below {Percent(now.Threshold)} but for moments, with {work}.";
        var at = Time(outcome.StartMs + (long)(1000 * node.LastingBreachSeconds!.Value));
        return $"The balancer does not keep every node below {Percent(now.Threshold)}, with {work}: "
            + $"{now.Names[node.Node]} is above it from {at} on, and all nodes together for "
            + $"{Seconds(now.BreachSecondsPerDay)} a day.";
    }

    private static IEnumerable<string> Full(CapacityOutcome outcome)
    {
        if (outcome.Now.FullMs is { } fullMs)
        {
            yield return $"From {Time(fullMs)} on the cluster as a whole is above {Percent(outcome.Now.Threshold)} at "
                + "times: then no move helps, only capacity, by the end "
                + $"{Count(outcome.Now.MissingNodes, "more node")} of {Cores(outcome)} at least.";
        }
    }

    private static IEnumerable<string> Effect(CapacityOutcome outcome)
    {
        var (now, then) = (outcome.Now, outcome.WhatIf);
        yield return $"{What(outcome)}: peak {Percent(then.Score.UtilizationMax)} instead of "
            + $"{Percent(now.Score.UtilizationMax)}, {Seconds(then.BreachSecondsPerDay)} a day above "
            + $"{Percent(then.Threshold)} instead of {Seconds(now.BreachSecondsPerDay)}, "
            + $"{Count(then.Score.Moves, "move")} instead of {Number(now.Score.Moves)}, "
            + $"{Number(then.Score.NodeHours)} node-hours instead of {Number(now.Score.NodeHours)}.";
        if (!outcome.Change.Drained.IsNone)
            yield return Emptied(outcome);
        if (then.FullMs is { } fullMs)
        {
            yield return $"That cluster, too, is above {Percent(then.Threshold)} as a whole at times, from "
                + $"{Time(fullMs)} on.";
        }
    }

    private static string Cores(CapacityOutcome outcome) =>
        $"{Number(outcome.AddedCores)} core{(outcome.AddedCores == 1 ? "" : "s")}";

    private static string What(CapacityOutcome outcome)
    {
        var parts = new List<string>();
        if (outcome.Change.AddedNodes == 1)
            parts.Add($"one more node of {Cores(outcome)}");
        else if (outcome.Change.AddedNodes > 1)
            parts.Add($"{outcome.Change.AddedNodes} more nodes of {Cores(outcome)} each");
        if (!outcome.Change.Drained.IsNone)
            parts.Add($"{outcome.DrainedName} drained");
        if (outcome.Change.Policy is not null)
            parts.Add("the other policy");
        return "With " + string.Join(" and ", parts);
    }

    private static string Emptied(CapacityOutcome outcome)
    {
        var then = outcome.WhatIf;
        var served = then.NodeScores[outcome.DrainedIndex].ServiceSeconds;
        return served < then.Days * outcome.DayMs / 1000
            ? $"{outcome.DrainedName} is empty after {Seconds(served)}."
            : $"{outcome.DrainedName} is not empty by the end: not all of its shards may go anywhere else.";
    }

    private static string Time(long unixMs)
    {
        var seconds = unixMs / 1000;
        var day = DateOnly.FromDayNumber(ZoneTime.DayOf(seconds));
        var minute = TimeOnly.FromTimeSpan(TimeSpan.FromSeconds(seconds % DaySeconds));
        return day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            + minute.ToString(" HH:mm", CultureInfo.InvariantCulture) + " UTC";
    }

    private static string Days(double days) => days == 1 ? "day" : $"{Number(days)} days";

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Seconds(double seconds) => seconds < 7200
        ? $"{Number(seconds)} s" : $"{Number(seconds / 3600)} h";

    private static string Percent(double fraction) =>
        (100 * fraction).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
