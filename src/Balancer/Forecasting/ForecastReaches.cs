namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Short, middle and long steps of a horizon: what forecasts one step ahead best is seldom best thirty steps ahead, so
/// losses, weights and widths are kept per reach. Not every step is scored: neighbours are wrong together, and a few
/// of each reach tell as much for a third of the state.
/// </summary>
internal sealed class ForecastReaches
{
    public const int CountMax = 3;

    private const int ShortLast = 4;
    private const int MiddleLast = 12;

    private static readonly int[] Grid = [1, 2, 4, 6, 9, 12, 16, 20, 25, 30];
    private static readonly double[] Middles = [2.5, 8.5, 21.5];
    private static readonly ForecastReaches[] BySteps =
        [.. Enumerable.Range(1, ForecastLevels.StepsMax).Select(steps => new ForecastReaches(steps))];

    private readonly int[] _places;

    private ForecastReaches(int steps)
    {
        Count = Of(steps) + 1;
        Scored = [.. Grid.Where(step => step < steps), steps];
        _places = new int[steps + 1];
        Array.Fill(_places, -1);
        for (var place = 0; place < Scored.Length; place++)
        {
            _places[Scored[place]] = place;
        }
    }

    /// <summary>Reaches that a horizon has: a short one has no long steps.</summary>
    public int Count { get; }

    /// <summary>The steps that are scored, the last of the horizon among them.</summary>
    public int[] Scored { get; }

    public static ForecastReaches For(int steps) => BySteps[steps - 1];

    public static int Of(int step) => step <= ShortLast ? 0 : step <= MiddleLast ? 1 : 2;

    /// <summary>Where in <see cref="Scored"/> a step is, or -1.</summary>
    public int PlaceOf(int step) => _places[step];

    /// <summary>Between which reach and its next a step lies, and how much of the next it takes: weights and widths
    /// pass from one to the other without a jump.</summary>
    public (int Reach, double Next) Between(int step)
    {
        var reach = 0;
        while (reach + 1 < Count && step >= Middles[reach + 1])
        {
            reach++;
        }

        return reach + 1 == Count || step <= Middles[reach]
            ? (reach, 0)
            : (reach, (step - Middles[reach]) / (Middles[reach + 1] - Middles[reach]));
    }
}
