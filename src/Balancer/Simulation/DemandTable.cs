namespace ShardStore.Balancer.Simulation;

/// <summary>
/// What clients ask of every shard, for all of the simulated time: points at a forecast step's distance, straight lines
/// between them, and what jitters within a step. The same for every strategy: clients do not mind where shards lie.
/// </summary>
public sealed class DemandTable
{
    /// <summary>A tick's length where a forecast step is a multiple of it. Unit: seconds.</summary>
    private const double TickSecondsAim = 60;

    private const double DaySeconds = 86_400;

    private readonly float[][] _points;

    /// <param name="name">Of the trace or scenario.</param>
    /// <param name="points">Ops/s at the start of every step, one array a shard; the last point ends the last
    /// step.</param>
    /// <param name="historySteps">Steps that are history: the simulation is scored from there on.</param>
    /// <param name="stepSeconds">Of a forecast step.</param>
    public DemandTable(string name, float[][] points, int historySteps, double stepSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfZero(points.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSeconds);
        ArgumentOutOfRangeException.ThrowIfLessThan(historySteps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(historySteps, points[0].Length - 1);
        (Name, _points, HistorySteps, StepSeconds) = (name, points, historySteps, stepSeconds);
        TicksPerStep = Math.Max(1, (int)Math.Round(stepSeconds / TickSecondsAim));
        SeasonSteps = (int)Math.Round(DaySeconds / stepSeconds);
    }

    public string Name { get; }

    public int Shards => _points.Length;

    public double StepSeconds { get; }

    /// <summary>Steps after which the demand is expected to repeat itself; 1 or less: never.</summary>
    public int SeasonSteps { get; init; }

    public int HistorySteps { get; }

    public int Steps => _points[0].Length - 1;

    public int ScoredSteps => Steps - HistorySteps;

    /// <summary>Grid position of the first step: steps since Unix time 0.</summary>
    public long FirstStep { get; init; }

    public int TicksPerStep { get; private init; }

    public double TickSeconds => StepSeconds / TicksPerStep;

    /// <summary>Deviation of a tick's demand from the line, as a share of it.</summary>
    public double Jitter { get; init; }

    public ulong JitterSeed { get; init; }

    /// <summary>What operators know of the shards' demand, by shard; empty: nothing.</summary>
    public IReadOnlyList<KnownUsage?> Known { get; init; } = [];

    /// <summary>The same demand in ticks of another length.</summary>
    /// <param name="seconds">About so long; a step is a whole number of ticks.</param>
    public DemandTable WithTicksOf(double seconds) => new(Name, _points, HistorySteps, StepSeconds)
    {
        SeasonSteps = SeasonSteps,
        FirstStep = FirstStep,
        TicksPerStep = Math.Max(1, (int)Math.Round(StepSeconds / seconds)),
        Jitter = Jitter,
        JitterSeed = JitterSeed,
        Known = Known,
    };

    /// <summary>The same demand, all of it times a factor.</summary>
    public DemandTable Scaled(double factor) => new(
        Name, Array.ConvertAll(_points, row => Array.ConvertAll(row, point => (float)(point * factor))),
        HistorySteps, StepSeconds)
    {
        SeasonSteps = SeasonSteps,
        FirstStep = FirstStep,
        TicksPerStep = TicksPerStep,
        Jitter = Jitter,
        JitterSeed = JitterSeed,
        Known = Known,
    };

    /// <summary>Demand at the start of a step, on the line. Unit: ops/s.</summary>
    internal double Point(int shard, int step) => _points[shard][step];

    /// <summary>Mean demand in a tick. Unit: ops/s. Ticks count from the first step's start; the demand of the last
    /// one goes on for ever.</summary>
    public double Ops(int shard, int tick)
    {
        var step = tick / TicksPerStep;
        if (step >= Steps)
        {
            (step, tick) = (Steps - 1, (Steps * TicksPerStep) - 1);
        }

        var row = _points[shard];
        var part = ((tick % TicksPerStep) + 0.5) / TicksPerStep;
        var ops = row[step] + ((row[step + 1] - row[step]) * part);
        return Jitter == 0
            ? ops
            : ops * Math.Max(0, 1 + (Jitter * SeededDraw.Normal(SeededDraw.Mix(JitterSeed, shard, tick))));
    }

    /// <summary>Mean demand in a step, as its roll-up has it.</summary>
    public double StepMean(int shard, int step)
    {
        var sum = 0.0;
        for (var tick = step * TicksPerStep; tick < (step + 1) * TicksPerStep; tick++)
        {
            sum += Ops(shard, tick);
        }

        return sum / TicksPerStep;
    }

    /// <summary>Mean over all scored steps.</summary>
    public double ScoredMean(int shard)
    {
        var sum = 0.0;
        for (var step = HistorySteps; step < Steps; step++)
        {
            sum += 0.5 * (_points[shard][step] + _points[shard][step + 1]);
        }

        return sum / ScoredSteps;
    }

    /// <summary>Sum of all shards' demand, each times its weight: the mean over the scored points, and the largest.
    /// </summary>
    public (double Mean, double Max) ScoredSums(double[] weights)
    {
        var (sum, max) = (0.0, 0.0);
        for (var point = HistorySteps; point <= Steps; point++)
        {
            var all = 0.0;
            for (var shard = 0; shard < weights.Length; shard++)
            {
                all += weights[shard] * _points[shard][point];
            }

            (sum, max) = (sum + all, Math.Max(max, all));
        }

        return (sum / (ScoredSteps + 1), max);
    }

    /// <summary>Unix milliseconds at the start of a tick.</summary>
    public long TickMs(int tick) => (long)(((FirstStep * StepSeconds) + (tick * TickSeconds)) * 1000);
}
