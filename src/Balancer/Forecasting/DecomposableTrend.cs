using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Fits trend, seasons and known regressors to a window of values by penalized least squares. The bends of the trend
/// are penalized by their size, not its square (a Laplace prior, as Taylor and Letham 2018, sec. 3.1): most stay
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

    /// <summary>Pulls a season's wave or a regressor towards 0, by this share where the window shows it clearly.
    /// </summary>
    private const double OtherPenalty = 0.03;

    private const int Rounds = 3;

    private readonly DecomposableDesign _design;
    private readonly double[][] _regressors;
    private readonly double[] _weights;

    private DecomposableTrend(DecomposableDesign design, double[][] regressors)
    {
        _design = design;
        _regressors = regressors;
        _weights = new double[design.Width + regressors.Length];
    }

    /// <summary>Mean size of the trend's bends.</summary>
    public double MeanBend => TensorPrimitives.SumOfMagnitudes<double>(
        _weights.AsSpan(DecomposableDesign.BendFirst, DecomposableDesign.Bends)) / DecomposableDesign.Bends;

    /// <param name="values">As many as the design has; of deviation about 1.</param>
    /// <param name="regressors">A column each over the past and the design's reach.</param>
    public static DecomposableTrend Fit(
        ReadOnlySpan<double> values, DecomposableDesign design, double[][] regressors)
    {
        var trend = new DecomposableTrend(design, regressors);
        var width = trend._weights.Length;
        var products = trend.Products();
        var targets = new double[width];
        for (var i = 0; i < width; i++)
        {
            targets[i] = TensorPrimitives.Dot(trend.Past(i), values);
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
            TensorPrimitives.MultiplyAdd(Past(i), -_weights[i], residuals, residuals);
        }
    }

    /// <summary>The model at the steps after the last value, one for each place.</summary>
    public void Future(Span<double> path)
    {
        path.Clear();
        for (var i = 0; i < _weights.Length; i++)
        {
            var column = i < _design.Width
                ? _design.Future(i)
                : _regressors[i - _design.Width].AsSpan(_design.Count);
            TensorPrimitives.MultiplyAdd(column[..path.Length], _weights[i], path, path);
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
            return OtherPenalty * squares;
        }

        return BendPenalty * _design.Count / (round == 0 ? 1 : Math.Abs(_weights[column]) + BendMin);
    }

    private ReadOnlySpan<double> Past(int column)
        => column < _design.Width
            ? _design.Past(column)
            : _regressors[column - _design.Width].AsSpan(0, _design.Count);

    private double[] Products()
    {
        if (_regressors.Length == 0)
        {
            return _design.Products;
        }

        var width = _weights.Length;
        var products = new double[width * width];
        for (var i = 0; i < width; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                products[(i * width) + j] = i < _design.Width
                    ? _design.Products[(i * _design.Width) + j]
                    : TensorPrimitives.Dot(Past(i), Past(j));
            }
        }

        return products;
    }
}
