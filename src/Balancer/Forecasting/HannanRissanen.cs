using System.Numerics.Tensors;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Start values for all ARMA models of one differencing at once (Hannan and Rissanen, "Recursive estimation of mixed
/// autoregressive-moving average order", Biometrika 1982): a long autoregression gives the errors, then every model is
/// a regression on past values and past errors, solved from the same few products.
/// </summary>
internal sealed class HannanRissanen
{
    /// <summary>Order of the first autoregression.</summary>
    public const int LongOrder = 12;

    private const int ValuesMax = ArimaOrder.ValuesMax;
    private const int ErrorsMax = ArimaOrder.ErrorsMax;

    private readonly int _targets;
    private readonly double _mean;

    // Of value lags -ValuesMax..0 and error lags -ErrorsMax..-1, over the targets.
    private readonly double[,] _values;
    private readonly double[,] _cross;
    private readonly double[,] _errors;

    /// <param name="order">Differences; its other terms are not looked at.</param>
    /// <param name="differenced">The history so differenced.</param>
    /// <param name="targets">Newest values that the models have to explain.</param>
    public HannanRissanen(ArimaOrder order, double[] differenced, int targets)
    {
        _targets = targets;
        _mean = order.HasMean ? MeanOf(differenced) : 0;
        var values = Array.ConvertAll(differenced, v => v - _mean);
        var errors = LongErrors(values);
        var first = values.Length - targets;
        var valueLags = new LagProducts.Lags(values, -ValuesMax, ValuesMax + 1);
        var errorLags = new LagProducts.Lags(errors, -ErrorsMax, ErrorsMax);
        _values = LagProducts.Of(first, targets, valueLags, valueLags);
        _cross = LagProducts.Of(first, targets, valueLags, errorLags);
        _errors = LagProducts.Of(first, targets, errorLags, errorLags);
    }

    /// <summary>The model of an order, or null where its regression has no stable solution.</summary>
    public ArimaModel? Model(ArimaOrder order)
    {
        var count = order.Values + order.Errors;
        Span<double> matrix = stackalloc double[count * count];
        Span<double> weights = stackalloc double[count];
        Span<double> side = stackalloc double[count];
        for (var i = 0; i < count; i++)
        {
            side[i] = weights[i] = Product(order, i, -1);
            for (var j = 0; j <= i; j++)
            {
                matrix[(i * count) + j] = Product(order, i, j);
            }
        }

        if (!SmallCholesky.TrySolve(matrix, weights))
        {
            return null;
        }

        var squares = _values[ValuesMax, ValuesMax];
        for (var i = 0; i < count; i++)
        {
            squares -= weights[i] * side[i];
        }

        var valueWeights = weights[..order.Values].ToArray();
        var errorWeights = weights[order.Values..].ToArray();
        return ArimaModel.IsStable(valueWeights, 1) && Invert(errorWeights)
            ? new ArimaModel(order, _mean, valueWeights, errorWeights, Math.Max(squares, 0) / _targets)
            : null;
    }

    /// <summary>A regression may put θ where errors would gain weight with age; half of it is a start too.</summary>
    private static bool Invert(double[] errorWeights)
    {
        for (var tries = 0; tries < 8; tries++)
        {
            if (ArimaModel.IsStable(errorWeights, -1))
            {
                return true;
            }

            for (var j = 0; j < errorWeights.Length; j++)
            {
                errorWeights[j] /= 2;
            }
        }

        return false;
    }

    /// <summary>Product of two terms of an order: its value lags first, then its error lags; -1 is the value to
    /// explain.</summary>
    private double Product(ArimaOrder order, int left, int right)
    {
        var (leftIsError, leftPlace) = Place(order, left);
        var (rightIsError, rightPlace) = Place(order, right);
        return leftIsError && rightIsError ? _errors[leftPlace, rightPlace]
            : leftIsError ? _cross[rightPlace, leftPlace]
            : rightIsError ? _cross[leftPlace, rightPlace]
            : _values[leftPlace, rightPlace];
    }

    private static (bool IsError, int Place) Place(ArimaOrder order, int term)
        => term < order.Values ? (false, ValuesMax - 1 - term) : (true, ErrorsMax - 1 - (term - order.Values));

    private static double[] LongErrors(double[] values)
    {
        var rows = values.Length - LongOrder;
        var lags = new LagProducts.Lags(values, -LongOrder, LongOrder + 1);
        var products = LagProducts.Of(LongOrder, rows, lags, lags);
        Span<double> matrix = stackalloc double[LongOrder * LongOrder];
        Span<double> weights = stackalloc double[LongOrder];
        for (var i = 0; i < LongOrder; i++)
        {
            weights[i] = products[i, LongOrder];
            for (var j = 0; j <= i; j++)
            {
                matrix[(i * LongOrder) + j] = products[i, j];
            }
        }

        var errors = new double[values.Length];
        if (!SmallCholesky.TrySolve(matrix, weights))
        {
            return errors;
        }

        for (var t = LongOrder; t < values.Length; t++)
        {
            errors[t] = values[t] - TensorPrimitives.Dot<double>(
                values.AsSpan(t - LongOrder, LongOrder), weights);
        }

        return errors;
    }

    private static double MeanOf(double[] values)
    {
        var mean = 0.0;
        foreach (var value in values)
        {
            mean += value / values.Length;
        }

        return mean;
    }
}
