using MathNet.Numerics.LinearAlgebra;
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
        try
        {
            solver.Solve(rows);
        }
        catch (ArgumentException)
        {
            // MathNet's word for a matrix that is not positive definite.
            Array.Clear(rows);
        }

        return rows;
    }

    private void Solve(double[,] rows)
    {
        var (products, shared, scales) = (_products, _shared, _scales);
        var own = products.SeasonSignals;
        var sides = Matrix<double>.Build.Dense(shared.Length, Horizons * (own + 1));
        for (var column = 0; column < sides.ColumnCount; column++)
        {
            var (variable, scale) = Side(1 + (column / (own + 1)), column % (own + 1));
            for (var i = 0; i < shared.Length; i++)
            {
                sides[i, column] = products.Covariance(shared[i], variable) * scales[i] * scale;
            }
        }

        var matrix = Matrix<double>.Build.Dense(shared.Length, shared.Length, (i, j)
            => (products.Covariance(shared[i], shared[j]) * scales[i] * scales[j]) + (i == j ? Penalty : 0));
        var solved = matrix.Cholesky().Solve(sides);
        for (var horizon = 1; horizon <= Horizons; horizon++)
        {
            Finish(horizon, sides, solved, rows);
        }
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

    private void Finish(int horizon, Matrix<double> sides, Matrix<double> solved, double[,] rows)
    {
        var own = _products.SeasonSignals;
        var first = (horizon - 1) * (own + 1);
        var target = RidgeProducts.Value(horizon);
        var weights = own == 0 ? [] : Own(horizon, first, sides, solved);
        var constant = _products.Mean(target);
        for (var i = 0; i < _shared.Length; i++)
        {
            var weight = solved[i, first + own];
            for (var season = 0; season < own; season++)
            {
                weight -= weights[season] * solved[i, first + season];
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
    }

    /// <summary>Weights of the seasons at the step: the Schur complement of the shared features.</summary>
    private double[] Own(int horizon, int first, Matrix<double> sides, Matrix<double> solved)
    {
        var own = _products.SeasonSignals;
        var matrix = Matrix<double>.Build.Dense(own, own);
        var side = Vector<double>.Build.Dense(own);
        for (var i = 0; i < own; i++)
        {
            var (left, leftScale) = Side(horizon, i);
            for (var j = 0; j <= own; j++)
            {
                var (right, rightScale) = Side(horizon, j);
                var rest = _products.Covariance(left, right) * leftScale * rightScale;
                for (var k = 0; k < _shared.Length; k++)
                {
                    rest -= sides[k, first + i] * solved[k, first + j];
                }

                if (j == own)
                {
                    side[i] = rest;
                }
                else
                {
                    matrix[i, j] = rest + (i == j ? Penalty : 0);
                }
            }
        }

        return matrix.Cholesky().Solve(side).AsArray();
    }

    private double ScaleOf(Variable variable)
    {
        var variance = _products.Covariance(variable, variable);
        return variance > VarianceMin * _products.SquareOf(variable) ? 1 / Math.Sqrt(variance) : 0;
    }
}
