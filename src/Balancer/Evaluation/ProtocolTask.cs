using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Evaluation;

/// <summary>
/// What the protocol (docs/forecasting.md) fixes of one series before anything is forecast: the split, the season, the
/// origins, the scales and the overload threshold. An origin is the index of the last known value. The newest two
/// fifths are the test part; the threshold and the scales come from the train part alone.
/// </summary>
public sealed class ProtocolTask
{
    /// <summary>Steps of every forecast.</summary>
    public const int Steps = ForecastLevels.StepsMax;

    /// <summary>Steps in which an overload counts as foreseen: an hour at 5 minutes.</summary>
    public const int AlarmSteps = 12;

    /// <summary>Points below which there is no origin to calibrate on.</summary>
    public const int PointsMin = 99;

    private const int ContextMax = 288;
    private const double HighLevel = 0.9;
    private const double DaySeconds = 86_400;

    // Per test origin, in order: an overload comes within the alarm steps; there was none lately.
    private readonly bool[] _overloads;
    private readonly bool[] _quiet;
    private readonly double _firstTimeOfDaySeconds;
    private readonly double _stepSeconds;

    /// <param name="file">The trace.</param>
    /// <param name="column">One of its series, for which <see cref="Refusal"/> is null.</param>
    /// <param name="stride">Every so manieth origin is used; 1 is the protocol.</param>
    public ProtocolTask(EvaluationFile file, int column, int stride = 1)
    {
        Values = file.Values[column];
        Series = file.IsWide ? $"{file.Name}/{file.Columns[column]}" : file.Name;
        _stepSeconds = file.StepSeconds;
        _firstTimeOfDaySeconds = file.FirstTimeOfDaySeconds;
        TrainCount = TrainCountOf(Values.Length);
        Season = file.SeasonSteps > 1 && file.SeasonSteps <= TrainCount / 3 ? file.SeasonSteps : 1;
        Context = Math.Min(ContextMax, TrainCount / 2);
        CalibrationOrigins = new OriginRange(
            Math.Max(Context, TrainCount / 2) - 1, TrainCount - Steps - 1, stride);
        TestOrigins = new OriginRange(TrainCount - 1, Values.Length - Steps - 1, stride);
        Scale = MeanChange(Values.AsSpan(0, TrainCount), 1);
        SeasonScale = MeanChange(Values.AsSpan(0, TrainCount), Season);
        var sorted = Values[..TrainCount];
        Array.Sort(sorted);
        Threshold = SortedQuantile.At(sorted, HighLevel);
        (_overloads, _quiet) = MarkOrigins();
        Onsets = FindOnsets();
    }

    public double[] Values { get; }

    /// <summary>Unique over all files.</summary>
    public string Series { get; }

    /// <summary>Values in the train part.</summary>
    public int TrainCount { get; }

    /// <summary>Steps in a season; 1: none that the train part holds three times.</summary>
    public int Season { get; }

    /// <summary>Newest values that a method with a short memory sees.</summary>
    public int Context { get; }

    public OriginRange CalibrationOrigins { get; }

    public OriginRange TestOrigins { get; }

    /// <summary>Mean absolute change from one value to the next in the train part; errors are divided by it.</summary>
    public double Scale { get; }

    /// <summary>The same from one season to the next; 0 for a series that repeats itself exactly.</summary>
    public double SeasonScale { get; }

    /// <summary>An overload is a value above it. Nine in ten of the train part are not.</summary>
    public double Threshold { get; }

    /// <summary>Indices where an overload begins after at least <see cref="AlarmSteps"/> steps without.</summary>
    public IReadOnlyList<int> Onsets { get; }

    /// <summary>Why a series cannot be evaluated; null when it can.</summary>
    public static string? Refusal(ReadOnlySpan<double> values)
    {
        if (values.Length < PointsMin)
        {
            return $"{values.Length} points, at least {PointsMin} are needed";
        }

        return values[..TrainCountOf(values.Length)].ContainsAnyExcept(values[0]) ? null : "constant in the train part";
    }

    /// <summary>Whether an overload comes in the <see cref="AlarmSteps"/> steps after a test origin.</summary>
    public bool OverloadFollows(int origin) => _overloads[origin - TestOrigins.First];

    /// <summary>Whether there was no overload in the <see cref="AlarmSteps"/> steps up to a test origin.</summary>
    public bool IsQuiet(int origin) => _quiet[origin - TestOrigins.First];

    /// <summary>The shape that forecasters are told, as of an origin.</summary>
    public SeriesShape ShapeAt(int origin)
        => new(
            _stepSeconds,
            Season > 1 ? Season : 0,
            (_firstTimeOfDaySeconds + (origin * _stepSeconds)) % DaySeconds)
        {
            LastStep = origin,
        };

    private static int TrainCountOf(int count) => (int)((long)count * 6 / 10);

    private static double MeanChange(ReadOnlySpan<double> values, int distance)
    {
        var sum = 0.0;
        for (var i = distance; i < values.Length; i++)
        {
            sum += Math.Abs(values[i] - values[i - distance]);
        }

        return sum / (values.Length - distance);
    }

    private (bool[] Overloads, bool[] Quiet) MarkOrigins()
    {
        var count = TestOrigins.Last - TestOrigins.First + 1;
        var (overloads, quiet) = (new bool[count], new bool[count]);
        for (var i = 0; i < count; i++)
        {
            var next = TestOrigins.First + i + 1;
            overloads[i] = AnyAbove(Values.AsSpan(next, AlarmSteps));
            quiet[i] = !AnyAbove(Values.AsSpan(next - AlarmSteps, AlarmSteps));
        }

        return (overloads, quiet);
    }

    private List<int> FindOnsets()
    {
        var onsets = new List<int>();
        for (var at = TrainCount + AlarmSteps; at <= Values.Length - Steps; at++)
        {
            if (Values[at] > Threshold && !AnyAbove(Values.AsSpan(at - AlarmSteps, AlarmSteps)))
            {
                onsets.Add(at);
            }
        }

        return onsets;
    }

    private bool AnyAbove(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (value > Threshold)
            {
                return true;
            }
        }

        return false;
    }
}
