using System.Numerics.Tensors;
using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer.Learning.Training;

/// <summary>The sums that regressions of all parts of the objective on a context need.</summary>
internal sealed class Evidence
{
    private static readonly int s_width = 1 + ClusterContext.Count;

    private readonly double[] _products = new double[s_width * s_width];
    private readonly double[][] _sides =
        [.. Enumerable.Range(0, ObjectiveParts.Count).Select(_ => new double[s_width])];

    private double _weight;

    /// <param name="scaled">The context, by <see cref="ContextScale"/>.</param>
    /// <param name="value">What is to be explained.</param>
    /// <param name="factor">On the value.</param>
    public void Add(ReadOnlySpan<double> scaled, ObjectiveParts value, double factor)
    {
        for (var i = 0; i < scaled.Length; i++)
        {
            var row = _products.AsSpan(i * s_width, s_width);
            TensorPrimitives.MultiplyAdd(scaled, scaled[i], row, row);
        }

        for (var part = 0; part < _sides.Length; part++)
        {
            TensorPrimitives.MultiplyAdd(scaled, factor * value[part], _sides[part], _sides[part]);
        }

        _weight++;
    }

    /// <summary>Adds the mean of another's rows, so that long runs count no more than short ones.</summary>
    public void AddMean(Evidence other, double weight)
    {
        if (other._weight == 0)
        {
            return;
        }

        var factor = weight / other._weight;
        TensorPrimitives.MultiplyAdd(other._products, factor, _products, _products);
        for (var part = 0; part < _sides.Length; part++)
        {
            TensorPrimitives.MultiplyAdd(other._sides[part], factor, _sides[part], _sides[part]);
        }

        _weight += weight;
    }

    /// <summary>Weights of each part's line, the constant first; nought where there is no evidence.</summary>
    /// <param name="penalty">On the weights of figures, in shares of the evidence.</param>
    /// <param name="constantPenalty">The same on the constant.</param>
    public double[][] Solve(double penalty, double constantPenalty)
    {
        var factor = _products.ToArray();
        for (var i = 0; i < s_width; i++)
        {
            factor[(i * s_width) + i] += _weight * (i == 0 ? constantPenalty : penalty);
        }

        var rows = _sides.Select(side => side.ToArray()).ToArray();
        if (!SmallCholesky.TryFactor(factor, s_width))
        {
            return [.. rows.Select(row => new double[row.Length])];
        }

        foreach (var row in rows)
        {
            SmallCholesky.Substitute(factor, row);
        }

        return rows;
    }
}
