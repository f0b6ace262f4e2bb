namespace ShardStore.Balancer.Forecasting;

/// <summary>Adds up what each candidate costs in a round, by a clock that the caller brings: nothing here reads
/// one.</summary>
internal sealed class RoundClock(int members, Func<long>? ticks)
{
    private readonly long[] _forecast = new long[members];
    private readonly long[] _fit = new long[members];
    private long _started;

    public void Reset()
    {
        Array.Clear(_forecast);
        Array.Clear(_fit);
    }

    public void Start() => _started = Now();

    /// <summary>What went by since the last start or stop was spent on a member's fits.</summary>
    public void StopFit(int member) => _fit[member] += Lap();

    /// <summary>The same for its forecasts.</summary>
    public void StopForecast(int member) => _forecast[member] += Lap();

    public CandidateTime[] Times(IReadOnlyList<string> names)
    {
        var times = new CandidateTime[members];
        for (var i = 0; i < members; i++)
        {
            times[i] = new CandidateTime(names[i], _forecast[i], _fit[i]);
        }

        return times;
    }

    private long Lap()
    {
        var now = Now();
        var lap = now - _started;
        _started = now;
        return lap;
    }

    private long Now() => ticks?.Invoke() ?? 0;
}
