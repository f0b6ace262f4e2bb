using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Fits trend and seasons to a window of values by penalized least squares. The bends of the trend are penalized by
/// their size, not its square (a Laplace prior, as Taylor and Letham 2018, sec. 3.1): most stay
/// straight, and a real change bends freely. Solved by a few rounds of weighted ridge regression, each weight the
/// inverse of what the bend was in the round before.
/// </summary>
internal sealed class DecomposableTrend
{
    /// <summary>Penalty of a bend, in the window's own units: deviations of the values and lengths of the window.
    /// </summary>
    private const double BendPenalty = 0.002;

    /// <summary>A bend as small as this counts as none.</summary>
    private const double BendMin = 0.02;

    /// <summary>Pulls a season's wave towards 0, by this share where the window shows it clearly.</summary>
    private const double WavePenalty = 0.03;

    private const int Rounds = 3;

    private readonly DecomposableDesign _design;
    private readonly double[] _weights;

    private DecomposableTrend(DecomposableDesign design)
    {
        _design = design;
        _weights = new double[design.Width];
    }

    /// <summary>Mean size of the trend's bends.</summary>
    public double MeanBend => TensorPrimitives.SumOfMagnitudes<double>(
        _weights.AsSpan(DecomposableDesign.BendFirst, DecomposableDesign.Bends)) / DecomposableDesign.Bends;

    /// <param name="values">As many as the design has; of deviation about 1.</param>
    public static DecomposableTrend Fit(ReadOnlySpan<double> values, DecomposableDesign design)
    {
        var trend = new DecomposableTrend(design);
        var width = design.Width;
        var products = design.Products;
        var targets = new double[width];
        for (var i = 0; i < width; i++)
        {
            targets[i] = TensorPrimitives.Dot(design.Past(i), values);
        }

        var matrix = new double[width * width];
        for (var round = 0; round < Rounds; round++)
        {
            products.CopyTo(matrix, 0);
            for (var i = 0; i < width; i++)
            {
                matrix[(i * width) + i] += trend.Penalty(i, round, products[(i * width) + i]);
            }

            var solved = (double[])targets.Clone();
            if (!SmallCholesky.TrySolve(matrix, solved))
            {
                break;
            }

            solved.CopyTo(trend._weights, 0);
        }

        return trend;
    }

    /// <summary>What the values leave unexplained.</summary>
    public void Residuals(ReadOnlySpan<double> values, Span<double> residuals)
    {
        values.CopyTo(residuals);
        for (var i = 0; i < _weights.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(_design.Past(i), -_weights[i], residuals, residuals);
        }
    }

    /// <summary>The model at the steps after the last value, one for each place.</summary>
    public void Future(Span<double> path)
    {
        path.Clear();
        for (var i = 0; i < _weights.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(_design.Future(i)[..path.Length], _weights[i], path, path);
        }
    }

    private double Penalty(int column, int round, double squares)
    {
        if (column < DecomposableDesign.BendFirst)
        {
            return 0;
        }

        if (column >= DecomposableDesign.BendFirst + DecomposableDesign.Bends)
        {
            return WavePenalty * squares;
        }

        return BendPenalty * _design.Count / (round == 0 ? 1 : Math.Abs(_weights[column]) + BendMin);
    }
}
