using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>Solves symmetric positive definite systems of a few dozen unknowns in place, on the caller's thread. The
/// library's solver shares even these out to threads: on a busy machine it then waits fifty times longer than the
/// solving takes.</summary>
internal static class SmallCholesky
{
    /// <summary>Share of a diagonal entry that is added to it: what two equal columns need, and no estimate
    /// notices.</summary>
    private const double Jitter = 1e-10;

    /// <summary>False when the matrix is not positive definite.</summary>
    /// <param name="matrix">Row-major, overwritten; only the lower triangle is read.</param>
    /// <param name="side">The right side; afterwards the solution.</param>
    public static bool TrySolve(Span<double> matrix, Span<double> side)
    {
        if (!TryFactor(matrix, side.Length))
        {
            return false;
        }

        Substitute(matrix, side);
        return true;
    }

    /// <summary>Puts the Cholesky factor in place of the lower triangle; false when the matrix is not positive
    /// definite.</summary>
    public static bool TryFactor(Span<double> matrix, int n)
    {
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = (matrix[(i * n) + j] * (i == j ? 1 + Jitter : 1))
                    - TensorPrimitives.Dot<double>(matrix.Slice(i * n, j), matrix.Slice(j * n, j));
                if (i == j && !(sum > 0))
                {
                    return false;
                }

                matrix[(i * n) + j] = i == j ? Math.Sqrt(sum) : sum / matrix[(j * n) + j];
            }
        }

        return true;
    }

    /// <summary>Puts the solution in place of a right side.</summary>
    /// <param name="lower">The factor, row-major.</param>
    /// <param name="side">As long as the factor has rows.</param>
    public static void Substitute(ReadOnlySpan<double> lower, Span<double> side)
    {
        var n = side.Length;
        for (var i = 0; i < n; i++)
        {
            side[i] -= TensorPrimitives.Dot(lower.Slice(i * n, i), side[..i]);
            side[i] /= lower[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            side[i] /= lower[(i * n) + i];
            TensorPrimitives.MultiplyAdd(lower.Slice(i * n, i), -side[i], side[..i], side[..i]);
        }
    }
}
