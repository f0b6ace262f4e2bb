using System.Collections.Immutable;

namespace ShardStore.Balancer.Simulation;

/// <summary>Turns a shape and a seed into demand. The time is that of a January that begins its history on a Monday at
/// midnight, so that days and weeks mean something.</summary>
internal sealed class ScenarioDemand
{
    public const int StepSeconds = 300;
    public const int DaySteps = 288;

    /// <summary>Two weekends are in it.</summary>
    public const int HistoryDays = 14;

    /// <summary>2026-01-05 00:00 UTC, a Monday. Unit: steps since Unix time 0.</summary>
    private const long FirstStep = 1_767_571_200 / StepSeconds;

    private const int FirstDayOfMonth = 5;
    private const int WeekDays = 7;
    private const int WorkDays = 5;
    private const double Jitter = 0.03;
    private const double OpsLevel = 1000;

    private readonly ScenarioShape _shape;
    private readonly ulong _seed;
    private readonly int _shards;
    private readonly int _scoredDays;
    private readonly int _crowdStep;

    private enum Draw
    {
        Level = 1,
        Noise = 2,
        Walk = 3,
        Burst = 4,
        Start = 5,
        Hot = 6,
        Crowd = 7,
    }

    public ScenarioDemand(ScenarioShape shape, int shards, int scoredDays, ulong seed)
    {
        (_shape, _shards, _scoredDays, _seed) = (shape, shards, scoredDays, seed);
        // Between 9:00 and 17:00.
        _crowdStep = 108 + (int)(96 * Uniform(Draw.Crowd, 0));
    }

    private int Points => ((HistoryDays + _scoredDays) * DaySteps) + 1;

    public DemandTable Build(string name)
    {
        var points = new float[_shards][];
        for (var shard = 0; shard < _shards; shard++)
        {
            points[shard] = Row(shard);
        }

        AddHotShard(points);
        return new DemandTable(name, points, HistoryDays * DaySteps, StepSeconds)
        {
            FirstStep = FirstStep,
            Jitter = Jitter,
            JitterSeed = _seed,
            Known = _shape.Crowd == CrowdKind.Announced
                ? [.. Enumerable.Range(0, _shards).Select(Announcement)]
                : [],
        };
    }

    private float[] Row(int shard)
    {
        var row = new float[Points];
        var level = OpsLevel * Math.Exp(_shape.LevelSpread * Normal(Draw.Level, shard));
        double noise = 0, walk = 0;
        var fresh = _shape.Noise * Math.Sqrt(1 - (_shape.NoiseMemory * _shape.NoiseMemory));
        for (var step = 0; step < row.Length; step++)
        {
            noise = (_shape.NoiseMemory * noise) + (fresh * Normal(Draw.Noise, shard, step));
            // Hardly pulled back, or a fortnight's walk would leave no cluster to speak of.
            walk = (0.999 * walk) + (_shape.Walk * Normal(Draw.Walk, shard, step));
            row[step] = (float)(level * Usual(shard, step) * Unusual(shard, step) * Math.Exp(walk)
                * Math.Max(0, 1 + noise));
        }

        return row;
    }

    /// <summary>What repeats itself, and grows.</summary>
    private double Usual(int shard, int step)
    {
        var day = (double)step / DaySteps;
        var place = day + ((double)(shard % _shape.Phases) / _shape.Phases);
        var hour = 24 * (place - Math.Floor(place));
        var factor = _shape.Curve switch
        {
            DayCurve.Sine => 1 + (_shape.Swing * Math.Sin(2 * Math.PI * place)),
            DayCurve.Office => 0.3 + (1.4 * Math.Clamp(hour - 8, 0, 1) * Math.Clamp((19 - hour) / 2, 0, 1)),
            DayCurve.Batch => 0.4 + (hour is >= 2 and < 4 ? 4 : 0),
            _ => 1,
        };
        factor *= (int)day % WeekDays >= WorkDays ? _shape.WeekendFactor : 1;
        return IsAmong(shard, _shape.GrowthShare) ? factor * Math.Pow(1 + _shape.GrowthPerDay, day) : factor;
    }

    private double Unusual(int shard, int step)
    {
        var scored = step - (HistoryDays * DaySteps);
        var factor = 1.0;
        if (IsInCrowd(shard, step))
        {
            factor *= _shape.CrowdFactor;
        }

        if (IsAmong(shard, _shape.ShiftShare) && scored >= StartOf(shard, _scoredDays * DaySteps))
        {
            factor *= _shape.ShiftFactor;
        }

        if (IsAmong(shard, _shape.RampShare) && scored >= 0)
        {
            // Up within three to six hours, down within two.
            var length = 36 + (int)(36 * Uniform(Draw.Start, shard));
            var since = (scored % DaySteps) - StartOf(shard, DaySteps / 2);
            var up = Math.Clamp((double)since / length, 0, 1);
            var down = Math.Clamp((since - length) / 24.0, 0, 1);
            factor *= 1 + ((_shape.RampFactor - 1) * (up - down));
        }

        var burst = Uniform(Draw.Burst, shard, step) < _shape.BurstChance
            || Uniform(Draw.Burst, shard, step - 1) < _shape.BurstChance;
        return burst ? factor * _shape.BurstFactor : factor;
    }

    private bool IsInCrowd(int shard, int step)
    {
        var isDay = _shape.Crowd == CrowdKind.Daily || step >= HistoryDays * DaySteps;
        var since = (step % DaySteps) - CrowdStart(step / DaySteps);
        return _shape.Crowd != CrowdKind.None && isDay && since >= 0 && since < _shape.CrowdSteps
            && IsAmong(shard, _shape.CrowdShare);
    }

    private int CrowdStart(int day) => _shape.Crowd == CrowdKind.Daily
        ? _crowdStep
        : 108 + (int)(96 * Uniform(Draw.Crowd, day));

    private KnownUsage? Announcement(int shard)
    {
        if (!IsAmong(shard, _shape.CrowdShare))
        {
            return null;
        }

        var events = ImmutableArray.CreateBuilder<UsageEvent>();
        for (var day = HistoryDays; day < HistoryDays + _scoredDays; day++)
        {
            var minute = CrowdStart(day) * StepSeconds / 60;
            events.Add(new UsageEvent
            {
                Name = "crowd",
                Start = $"2026-01-{FirstDayOfMonth + day:00}T{minute / 60:00}:{minute % 60:00}:00Z",
                Minutes = _shape.CrowdSteps * StepSeconds / 60,
                Factor = _shape.CrowdFactor,
            });
        }

        return KnownUsage.Of([new UsageProfile { Shards = [shard + 1], Events = events.ToImmutable() }], shard + 1);
    }

    private void AddHotShard(float[][] points)
    {
        for (var step = 0; _shape.HotShare > 0 && step < Points; step++)
        {
            var turn = _shape.HotSteps > 0 ? step / _shape.HotSteps : 0;
            var hot = (int)(_shards * Uniform(Draw.Hot, turn));
            var others = 0.0;
            for (var shard = 0; shard < _shards; shard++)
            {
                others += shard == hot ? 0 : points[shard][step];
            }

            points[hot][step] = (float)(others * _shape.HotShare / (1 - _shape.HotShare));
        }
    }

    /// <summary>Every so manieth shard, the first among them: a share must not be empty in a small cluster.</summary>
    private static bool IsAmong(int shard, double share) =>
        share > 0 && (shard == 0 || Math.Floor(shard * share) > Math.Floor((shard - 1) * share));

    private int StartOf(int shard, int steps) => (int)(steps * Uniform(Draw.Start, shard, 1));

    private double Uniform(Draw kind, int first, int second = 0) => SeededDraw.Uniform(Of(kind, first, second));

    private double Normal(Draw kind, int first, int second = 0) => SeededDraw.Normal(Of(kind, first, second));

    private ulong Of(Draw kind, int first, int second) =>
        SeededDraw.Mix(SeededDraw.Mix(_seed, (long)kind), first, second);
}
