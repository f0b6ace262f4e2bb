using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// The columns of a decomposable model and their products. They depend on the number of values and the season alone,
/// never on the values: time counts back from the last value. So one design serves every series of a shape, and a fit
/// costs one product a column.
/// </summary>
internal sealed class DecomposableDesign
{
    /// <summary>Places where the trend may bend, evenly over the first four fifths: later ones would bend the
    /// forecast on a few values (Taylor and Letham 2018, sec. 3.1.4).</summary>
    public const int Bends = 12;

    /// <summary>Column of the first bend, behind a constant and a slope.</summary>
    public const int BendFirst = 2;

    /// <summary>Steps after the last value that the columns reach: a horizon after the newest value a kept fit
    /// serves.</summary>
    public const int Reach = NewerMax + ForecastLevels.StepsMax;

    /// <summary>Values after which a fit no longer serves.</summary>
    public const int NewerMax = 96;

    private const double BendPart = 0.8;
    private const int DayPairs = 8;
    private const int WeekPairs = 3;
    private const int DaysInWeek = 7;

    private readonly double[][] _columns;

    public DecomposableDesign(int count, int seasonSteps)
    {
        Count = count;
        SeasonSteps = seasonSteps;
        var columns = new List<double[]> { Column(_ => 1), Column(t => t / (double)count) };
        for (var bend = 1; bend <= Bends; bend++)
        {
            var place = (bend * BendPart * count / (Bends + 1)) - count + 1;
            columns.Add(Column(t => Math.Max(0, t - place) / count));
        }

        if (seasonSteps > 1)
        {
            AddWaves(columns, seasonSteps, DayPairs);
        }

        if (seasonSteps > 1 && count >= 2 * DaysInWeek * seasonSteps)
        {
            AddWaves(columns, DaysInWeek * seasonSteps, WeekPairs);
        }

        _columns = [.. columns];
        Products = new double[Width * Width];
        for (var i = 0; i < Width; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                Products[(i * Width) + j] = Products[(j * Width) + i] =
                    TensorPrimitives.Dot(Past(i), Past(j));
            }
        }
    }

    public int Count { get; }

    public int SeasonSteps { get; }

    /// <summary>Columns.</summary>
    public int Width => _columns.Length;

    /// <summary>Sums of products of all columns over the past. Row-major; not to be written to.</summary>
    public double[] Products { get; }

    /// <summary>A column at the values known, oldest first.</summary>
    public ReadOnlySpan<double> Past(int column) => _columns[column].AsSpan(0, Count);

    /// <summary>A column at the steps after the last value.</summary>
    public ReadOnlySpan<double> Future(int column) => _columns[column].AsSpan(Count);

    private static int PairsOf(int period, int pairs) => Math.Min(pairs, (period - 1) / 2);

    private void AddWaves(List<double[]> columns, int period, int pairs)
    {
        for (var pair = 1; pair <= PairsOf(period, pairs); pair++)
        {
            var turn = 2 * Math.PI * pair / period;
            columns.Add(Column(t => Math.Sin(turn * t)));
            columns.Add(Column(t => Math.Cos(turn * t)));
        }
    }

    /// <param name="at">The column at a time counted from the last value, which is 0.</param>
    private double[] Column(Func<int, double> at)
    {
        var column = new double[Count + Reach];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = at(i - Count + 1);
        }

        return column;
    }
}
