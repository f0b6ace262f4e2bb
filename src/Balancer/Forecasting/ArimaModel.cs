using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// An ARIMA(p,d,q) model with or without a seasonal difference and its numbers (Box and Jenkins, "Time Series
/// Analysis", ch. 4 and 5). With w the differenced history less its mean: w[t] = Σ φ[i] w[t-i] + e[t] + Σ θ[j] e[t-j].
/// </summary>
/// <param name="Order">Number of terms.</param>
/// <param name="Mean">Mean of the differenced history; 0 where it has none.</param>
/// <param name="ValueWeights">φ, nearest first.</param>
/// <param name="ErrorWeights">θ, nearest first.</param>
/// <param name="Variance">Of e.</param>
internal sealed record ArimaModel(
    ArimaOrder Order, double Mean, double[] ValueWeights, double[] ErrorWeights, double Variance) : IPointRule
{
    /// <summary>Values over which past errors are computed anew before a forecast. Where it begins is forgotten by
    /// then: 0.97^200 is two thousandths.</summary>
    private const int WarmMax = 200;

    /// <summary>Values whose range a forecast may leave by half: an extrapolation beyond that is a model gone
    /// wrong.</summary>
    private const int ContextMax = 288;

    /// <summary>Weights of w that are one step away from explosion explain nothing but noise.</summary>
    private const double PartialMax = 0.995;

    /// <summary>Whether the model neither explodes (φ) nor gives ever more weight to older errors (-θ): all partial
    /// autocorrelations of such weights lie within (-1, 1) (Levinson's recursion run backwards).</summary>
    public static bool IsStable(ReadOnlySpan<double> weights, double sign)
    {
        Span<double> now = stackalloc double[weights.Length];
        Span<double> next = stackalloc double[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            now[i] = sign * weights[i];
        }

        for (var order = weights.Length; order > 0; order--)
        {
            var partial = now[order - 1];
            if (!(Math.Abs(partial) < PartialMax))
            {
                return false;
            }

            for (var i = 0; i < order - 1; i++)
            {
                next[i] = (now[i] + (partial * now[order - 2 - i])) / (1 - (partial * partial));
            }

            next.CopyTo(now);
        }

        return true;
    }

    /// <summary>Fills the errors e of a differenced history, those before its start taken as 0.</summary>
    public void Errors(ReadOnlySpan<double> differenced, Span<double> errors)
    {
        for (var t = 0; t < differenced.Length; t++)
        {
            var error = differenced[t] - Mean;
            for (var i = 1; i <= Math.Min(t, ValueWeights.Length); i++)
            {
                error -= ValueWeights[i - 1] * (differenced[t - i] - Mean);
            }

            for (var j = 1; j <= Math.Min(t, ErrorWeights.Length); j++)
            {
                error -= ErrorWeights[j - 1] * errors[t - j];
            }

            errors[t] = error;
        }
    }

    public void Trace(ReadOnlySpan<double> known, Span<double> path)
    {
        var needed = ErrorWeights.Length == 0 ? ValueWeights.Length : WarmMax;
        var window = known[^Math.Min(known.Length, needed + Order.Lead)..];
        var past = Order.Difference(window);
        Span<double> errors = stackalloc double[past.Length];
        Errors(past, errors);
        Span<double> changes = stackalloc double[path.Length];
        Extend(past, errors, changes);
        Integrate(known, changes, path);
        var context = known[^Math.Min(known.Length, ContextMax)..];
        var (low, high) = (TensorPrimitives.Min(context), TensorPrimitives.Max(context));
        var margin = (high - low) / 2;
        TensorPrimitives.Clamp(path, low - margin, high + margin, path);
    }

    /// <summary>Standard deviation of the error at each step: from the ψ weights, by which an error of now is felt
    /// later.</summary>
    public double[] Deviations(int steps)
    {
        var weights = new double[steps];
        var deviations = new double[steps];
        var squares = 0.0;
        for (var step = 0; step < steps; step++)
        {
            var weight = step == 0 ? 1 : step <= ErrorWeights.Length ? ErrorWeights[step - 1] : 0;
            for (var i = 1; i <= Math.Min(step, ValueWeights.Length); i++)
            {
                weight += ValueWeights[i - 1] * weights[step - i];
            }

            weights[step] = weight;
        }

        Accumulate(weights);
        for (var step = 0; step < steps; step++)
        {
            squares += weights[step] * weights[step];
            deviations[step] = Math.Sqrt(Variance * squares);
        }

        return deviations;
    }

    private void Extend(ReadOnlySpan<double> past, ReadOnlySpan<double> errors, Span<double> changes)
    {
        for (var step = 0; step < changes.Length; step++)
        {
            var change = 0.0;
            for (var i = 1; i <= ValueWeights.Length; i++)
            {
                var place = past.Length + step - i;
                var value = step >= i ? changes[step - i] : place >= 0 ? past[place] : Mean;
                change += ValueWeights[i - 1] * (value - Mean);
            }

            for (var j = step + 1; j <= ErrorWeights.Length; j++)
            {
                var place = errors.Length + step - j;
                change += place >= 0 ? ErrorWeights[j - 1] * errors[place] : 0;
            }

            changes[step] = Mean + change;
        }
    }

    /// <summary>Turns forecast changes into values: sums up the differences taken, the season's last.</summary>
    private void Integrate(ReadOnlySpan<double> known, ReadOnlySpan<double> changes, Span<double> path)
    {
        changes.CopyTo(path);
        var season = Order.SeasonSteps;
        if (Order.Differences == 1)
        {
            path[0] += known[^1] - (season > 0 ? known[^(1 + season)] : 0);
            for (var step = 1; step < path.Length; step++)
            {
                path[step] += path[step - 1];
            }
        }

        for (var step = 0; season > 0 && step < path.Length; step++)
        {
            path[step] += step >= season ? path[step - season] : known[known.Length + step - season];
        }
    }

    private void Accumulate(double[] weights)
    {
        for (var step = 1; Order.Differences == 1 && step < weights.Length; step++)
        {
            weights[step] += weights[step - 1];
        }

        for (var step = Order.SeasonSteps; Order.SeasonSteps > 0 && step < weights.Length; step++)
        {
            weights[step] += weights[step - Order.SeasonSteps];
        }
    }
}
