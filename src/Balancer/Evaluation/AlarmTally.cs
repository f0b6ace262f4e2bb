namespace ShardStore.Balancer.Evaluation;

/// <summary>Counts one kind of alarm of one method on one series.</summary>
internal sealed class AlarmTally(ProtocolTask task)
{
    // By test origin; an origin that a stride skips has no alarm.
    private readonly bool[] _alarms = new bool[task.TestOrigins.Last - task.TestOrigins.First + 1];
    private AlarmCounts _all;
    private AlarmCounts _quiet;

    /// <param name="origin">A test origin.</param>
    /// <param name="peak">The largest value that the forecast says for the alarm steps.</param>
    public void Add(int origin, double peak)
    {
        var alarm = peak > task.Threshold;
        var overload = task.OverloadFollows(origin);
        _alarms[origin - task.TestOrigins.First] = alarm;
        _all = _all.With(alarm, overload);
        if (task.IsQuiet(origin))
        {
            _quiet = _quiet.With(alarm, overload);
        }
    }

    public AlarmScores Finish()
    {
        var (seen, lead) = (0, 0);
        foreach (var onset in task.Onsets)
        {
            var before = _alarms.AsSpan(
                onset - ProtocolTask.AlarmSteps - task.TestOrigins.First, ProtocolTask.AlarmSteps);
            if (before.IndexOf(true) is >= 0 and var first)
            {
                seen++;
                lead += ProtocolTask.AlarmSteps - first;
            }
        }

        return new AlarmScores(_all, _quiet, seen, lead);
    }
}
