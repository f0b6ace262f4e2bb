namespace ShardStore.Balancer.Evaluation;

/// <summary>What one kind of alarm of a method was worth on one series.</summary>
/// <param name="All">Over all test origins.</param>
/// <param name="Quiet">Over those without an overload now or in the last hour: what counts for moving a shard
/// before the overload.</param>
/// <param name="OnsetsSeen">Onsets with an alarm in the hour before.</param>
/// <param name="LeadSteps">Sum over onsets of the steps between the first such alarm and the onset.</param>
public readonly record struct AlarmScores(AlarmCounts All, AlarmCounts Quiet, int OnsetsSeen, int LeadSteps);
