using System.Numerics.Tensors;
using Variable = ShardStore.Balancer.Forecasting.RidgeProducts.Variable;

namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// Solves the direct regressions of all horizons. Features are differences to the last value, each divided by its own
/// deviation, so that the penalty treats all alike and no unit matters. The horizons share their features but for the
/// seasons' values at the step itself: one Cholesky factor serves all, and those few come by block elimination.
/// </summary>
internal readonly struct RidgeSolver
{
    /// <summary>Weight of the penalty, in shares of a feature's own variance.</summary>
    private const double Penalty = 0.003;

    /// <summary>Share of its squares below which a variance is rounding.</summary>
    private const double VarianceMin = 1e-9;

    private const int Horizons = ForecastLevels.StepsMax;

    private readonly RidgeProducts _products;
    private readonly Variable[] _shared;
    private readonly double[] _scales;

    private RidgeSolver(RidgeProducts products)
    {
        _products = products;
        var shared = new List<Variable>();
        for (var lag = 1 - RidgeSignals.Lags; lag < 0; lag++)
        {
            shared.Add(RidgeProducts.Value(lag));
        }

        shared.Add(products.Window);
        for (var season = 0; season < products.SeasonSignals; season++)
        {
            shared.Add(RidgeProducts.Season(season, 0));
        }

        _shared = [.. shared];
        _scales = new double[_shared.Length];
        for (var i = 0; i < _scales.Length; i++)
        {
            _scales[i] = ScaleOf(_shared[i]);
        }
    }

    /// <summary>A row a horizon: the weight of each shared feature (values from the oldest to the one before last,
    /// window, seasons now), then of each season at the step, then a constant. All but the constant weigh differences
    /// to the last value. Only zeros where rounding leaves nothing to solve: one value that dwarfs the rest by eight
    /// digits does that.</summary>
    public static double[,] Solve(RidgeProducts products)
    {
        var solver = new RidgeSolver(products);
        var rows = new double[Horizons, solver._shared.Length + products.SeasonSignals + 1];
        if (!solver.TrySolve(rows))
        {
            Array.Clear(rows);
        }

        return rows;
    }

    private bool TrySolve(double[,] rows)
    {
        var count = _shared.Length;
        var factor = new double[count * count];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                factor[(i * count) + j] = (_products.Covariance(_shared[i], _shared[j]) * _scales[i] * _scales[j])
                    + (i == j ? Penalty : 0);
            }
        }

        if (!SmallCholesky.TryFactor(factor, count))
        {
            return false;
        }

        for (var horizon = 1; horizon <= Horizons; horizon++)
        {
            var sides = Sides(horizon);
            var solved = Array.ConvertAll(sides, side => (double[])side.Clone());
            foreach (var side in solved)
            {
                SmallCholesky.Substitute(factor, side);
            }

            if (!TryFinish(horizon, sides, solved, rows))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The right sides of a horizon; see <see cref="Side"/>.</summary>
    private double[][] Sides(int horizon)
    {
        var sides = new double[_products.SeasonSignals + 1][];
        for (var place = 0; place < sides.Length; place++)
        {
            var (variable, scale) = Side(horizon, place);
            sides[place] = new double[_shared.Length];
            for (var i = 0; i < _shared.Length; i++)
            {
                sides[place][i] = _products.Covariance(_shared[i], variable) * _scales[i] * scale;
            }
        }

        return sides;
    }

    /// <summary>What stands on the right side for a horizon: each season at the step, last the value to forecast.
    /// </summary>
    private (Variable Variable, double Scale) Side(int horizon, int place)
    {
        if (place == _products.SeasonSignals)
        {
            return (RidgeProducts.Value(horizon), 1);
        }

        var season = RidgeProducts.Season(place, horizon);
        return (season, ScaleOf(season));
    }

    private bool TryFinish(int horizon, double[][] sides, double[][] solved, double[,] rows)
    {
        var own = _products.SeasonSignals;
        if (!TryOwn(horizon, sides, solved, out var weights))
        {
            return false;
        }

        var constant = _products.Mean(RidgeProducts.Value(horizon));
        for (var i = 0; i < _shared.Length; i++)
        {
            var weight = solved[own][i];
            for (var season = 0; season < own; season++)
            {
                weight -= weights[season] * solved[season][i];
            }

            rows[horizon - 1, i] = weight * _scales[i];
            constant -= rows[horizon - 1, i] * _products.Mean(_shared[i]);
        }

        for (var season = 0; season < own; season++)
        {
            var (variable, scale) = Side(horizon, season);
            rows[horizon - 1, _shared.Length + season] = weights[season] * scale;
            constant -= weights[season] * scale * _products.Mean(variable);
        }

        rows[horizon - 1, _shared.Length + own] = constant;
        return true;
    }

    /// <summary>Weights of the seasons at the step: the Schur complement of the shared features.</summary>
    private bool TryOwn(int horizon, double[][] sides, double[][] solved, out double[] weights)
    {
        var own = _products.SeasonSignals;
        var matrix = new double[own * own];
        weights = new double[own];
        for (var i = 0; i < own; i++)
        {
            var (left, leftScale) = Side(horizon, i);
            for (var j = 0; j <= own; j++)
            {
                var (right, rightScale) = Side(horizon, j);
                var rest = (_products.Covariance(left, right) * leftScale * rightScale)
                    - TensorPrimitives.Dot<double>(sides[i], solved[j]);
                if (j == own)
                {
                    weights[i] = rest;
                }
                else
                {
                    matrix[(i * own) + j] = rest + (i == j ? Penalty : 0);
                }
            }
        }

        return SmallCholesky.TrySolve(matrix, weights);
    }

    private double ScaleOf(Variable variable)
    {
        var variance = _products.Covariance(variable, variable);
        return variance > VarianceMin * _products.SquareOf(variable) ? 1 / Math.Sqrt(variance) : 0;
    }
}
