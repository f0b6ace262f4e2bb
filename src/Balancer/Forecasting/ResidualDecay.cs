using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// What becomes of a model's last residuals: their smoothed level, decaying as φ^h. Without it a model of trend and
/// seasons is useless at short horizons, for it knows nothing of where the load is now.
/// </summary>
/// <param name="Alpha">Weight of a new residual in the level.</param>
/// <param name="Decay">φ, 0 to 1.</param>
internal readonly record struct ResidualDecay(double Alpha, double Decay)
{
    /// <summary>Steps whose errors φ is chosen by.</summary>
    private const int Reach = 12;

    private static readonly double[] s_decays =
        [0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 1];

    /// <summary>The decay with the least squared error over the residuals, and the level after each of them.</summary>
    public static ResidualDecay Of(ReadOnlySpan<double> residuals, Span<double> levels)
    {
        var alpha = ExponentialLevel.Of(ExponentialLevel.Context(residuals)).Alpha;
        var level = residuals[0];
        for (var i = 0; i < residuals.Length; i++)
        {
            levels[i] = level += alpha * (residuals[i] - level);
        }

        Span<double> products = stackalloc double[Reach];
        var count = residuals.Length - Reach;
        for (var step = 1; step <= Reach; step++)
        {
            products[step - 1] = TensorPrimitives.Dot(residuals.Slice(step, count), levels[..count]);
        }

        var squares = TensorPrimitives.SumOfSquares<double>(levels[..count]);
        var best = new ResidualDecay(alpha, 0);
        var least = double.PositiveInfinity;
        foreach (var decay in s_decays)
        {
            var (loss, power) = (0.0, 1.0);
            for (var step = 0; step < Reach; step++)
            {
                power *= decay;
                loss += power * ((power * squares) - (2 * products[step]));
            }

            if (loss < least)
            {
                (least, best) = (loss, new ResidualDecay(alpha, decay));
            }
        }

        return best;
    }

    public double Next(double level, double residual) => level + (Alpha * (residual - level));

    /// <summary>Adds the decaying level to a path.</summary>
    public void AddTo(Span<double> path, double level)
    {
        foreach (ref var point in path)
        {
            level *= Decay;
            point += level;
        }
    }
}
