using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Sums over all rows t of left[t + i] · right[t + j] for ranges of lags i and j: the products of a regression on lags.
/// Next to each other on a diagonal they differ by one term at either end, so that only the first row and column are
/// summed (the covariance method of linear prediction; Makhoul, "Linear prediction: a tutorial review", 1975, sec. II).
/// A matrix of 62 × 62 lags then costs as much as 123 of its entries.
/// </summary>
internal static class LagProducts
{
    /// <summary>A range of lags of a signal, each added to the row; they may be negative.</summary>
    internal readonly ref struct Lags(ReadOnlySpan<double> signal, int first, int count)
    {
        private readonly ReadOnlySpan<double> _signal = signal;

        public int Count { get; } = count;

        /// <summary>The signal from the first of the lags at <paramref name="row"/> on.</summary>
        public ReadOnlySpan<double> From(int row) => _signal[(row + first)..];
    }

    /// <param name="rowFirst">The first t; with every lag added it is an index of both signals.</param>
    /// <param name="rows">How many rows; with every lag added, the last one is an index too.</param>
    /// <param name="left">Lags i, down the rows of the result.</param>
    /// <param name="right">Lags j, along its columns.</param>
    public static double[,] Of(int rowFirst, int rows, Lags left, Lags right)
    {
        var products = new double[left.Count, right.Count];
        for (var j = 0; j < right.Count; j++)
        {
            products[0, j] = Sum(left.From(rowFirst), right.From(rowFirst + j), rows);
        }

        for (var i = 1; i < left.Count; i++)
        {
            products[i, 0] = Sum(left.From(rowFirst + i), right.From(rowFirst), rows);
            var a = left.From(rowFirst + i - 1);
            for (var j = 1; j < right.Count; j++)
            {
                var b = right.From(rowFirst + j - 1);
                products[i, j] = products[i - 1, j - 1] + (a[rows] * b[rows]) - (a[0] * b[0]);
            }
        }

        return products;
    }

    private static double Sum(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int rows)
        => TensorPrimitives.Dot(left[..rows], right[..rows]);
}
