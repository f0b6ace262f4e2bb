namespace ShardStore.Balancer.Forecasting;

/// <summary>Solves symmetric positive definite systems of a few unknowns in place. A library's matrix costs more to
/// make than such a system to solve, and an order search solves hundreds.</summary>
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
        var n = side.Length;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[(i * n) + j] * (i == j ? 1 + Jitter : 1);
                for (var k = 0; k < j; k++)
                {
                    sum -= matrix[(i * n) + k] * matrix[(j * n) + k];
                }

                if (i == j && !(sum > 0))
                {
                    return false;
                }

                matrix[(i * n) + j] = i == j ? Math.Sqrt(sum) : sum / matrix[(j * n) + j];
            }
        }

        Substitute(matrix, side);
        return true;
    }

    private static void Substitute(ReadOnlySpan<double> lower, Span<double> side)
    {
        var n = side.Length;
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                side[i] -= lower[(i * n) + k] * side[k];
            }

            side[i] /= lower[(i * n) + i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
            {
                side[i] -= lower[(k * n) + i] * side[k];
            }

            side[i] /= lower[(i * n) + i];
        }
    }
}
