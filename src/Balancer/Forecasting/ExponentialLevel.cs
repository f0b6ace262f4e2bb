using System.Runtime.Intrinsics;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Simple exponential smoothing of the newest values: level' = level + α (value - level), begun at the first of them.
/// α is the one of 0.05, 0.10 .. 1.00 with the least squared one-step error, the first of equals. All twenty are run
/// side by side: cheap enough to choose anew at each forecast, so that a change of noise is followed at once.
/// </summary>
/// <param name="Alpha">The chosen weight of a new value.</param>
/// <param name="Level">The level after the last value.</param>
internal readonly record struct ExponentialLevel(double Alpha, double Level)
{
    /// <summary>Values looked at. A day at 5 minutes: the first has lost its weight by then whatever α.</summary>
    public const int ContextMax = 288;

    /// <summary>Values at the start that are not scored: the level still shows where it began.</summary>
    private const int Unscored = 10;

    private const int Alphas = 20;

    public static ReadOnlySpan<double> Context(ReadOnlySpan<double> history)
        => history[^Math.Min(ContextMax, history.Length)..];

    /// <param name="context">At least one value.</param>
    public static ExponentialLevel Of(ReadOnlySpan<double> context)
    {
        Span<Vector256<double>> alphas = stackalloc Vector256<double>[Alphas / Vector256<double>.Count];
        Span<Vector256<double>> levels = stackalloc Vector256<double>[alphas.Length];
        Span<Vector256<double>> losses = stackalloc Vector256<double>[alphas.Length];
        for (var i = 0; i < alphas.Length; i++)
        {
            var first = i * Vector256<double>.Count;
            alphas[i] = Vector256.Create(first + 1.0, first + 2, first + 3, first + 4) / Alphas;
            levels[i] = Vector256.Create(context[0]);
            losses[i] = Vector256<double>.Zero;
        }

        for (var position = 1; position < context.Length; position++)
        {
            var value = Vector256.Create(context[position]);
            var scored = position >= Unscored ? Vector256<double>.One : Vector256<double>.Zero;
            for (var i = 0; i < alphas.Length; i++)
            {
                var error = value - levels[i];
                losses[i] += scored * error * error;
                levels[i] += alphas[i] * error;
            }
        }

        return Least(alphas, levels, losses);
    }

    private static ExponentialLevel Least(
        ReadOnlySpan<Vector256<double>> alphas,
        ReadOnlySpan<Vector256<double>> levels,
        ReadOnlySpan<Vector256<double>> losses)
    {
        var best = 0;
        for (var i = 1; i < Alphas; i++)
        {
            best = At(losses, i) < At(losses, best) ? i : best;
        }

        return new ExponentialLevel(At(alphas, best), At(levels, best));
    }

    private static double At(ReadOnlySpan<Vector256<double>> vectors, int i)
        => vectors[i / Vector256<double>.Count][i % Vector256<double>.Count];
}
