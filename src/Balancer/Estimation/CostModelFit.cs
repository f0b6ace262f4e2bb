using ShardStore.Balancer.Forecasting;

namespace ShardStore.Balancer;

/// <summary>One node's minute: what it served and the cores it took.</summary>
public readonly record struct CostSample(
    double ReadsPerSecond, double LeaderWritesPerSecond, double FollowerWritesPerSecond, double CpuCores);

/// <summary>Fits a <see cref="CostModel"/> online: least squares of node CPU on reads, leader writes, follower writes
/// and a constant, all ≥ 0, pulled towards the prior by a ridge so that a direction no sample has shown keeps its
/// prior. Old samples fade, so a new build or machine is learnt. Holds a 4×4 matrix, whatever the number of samples.
/// Solved by coordinate descent, which keeps coefficients from going negative. Errors are those of ridge regression
/// with the residual's variance (Hoerl and Kennard 1970, sec. 4).</summary>
public sealed class CostModelFit(double halfLifeSamples = 2000)
{
    private const int Terms = 4;
    private const int SweepsMax = 1000;

    /// <summary>Pull of the prior on the costs of an op and on the idle cores, in samples of unit load. So weak that
    /// it decides only where the samples leave a direction open (no reads seen yet, reads and writes always in the same
    /// ratio): a few seconds at a hundred ops a second outweigh it, so that ops of a millisecond are learnt too.
    /// </summary>
    private static readonly double[] s_priorPull = [3e-6, 3e-6, 3e-6, 3e-3];

    /// <summary>Ops/s that bring a coefficient's feature to about one, so that the ridge treats all terms alike.
    /// </summary>
    private const double OpsScale = 10_000;

    private readonly double _fade = Math.Pow(0.5, 1 / halfLifeSamples);
    private readonly double[,] _products = new double[Terms, Terms];
    private readonly double[] _targets = new double[Terms];
    private double _targetSquares;
    private double _weight;

    /// <summary>Ignores a sample that is not finite or negative: a counter that was reset must not bend the model.
    /// </summary>
    public void Add(CostSample sample)
    {
        double[] features =
        [
            sample.ReadsPerSecond / OpsScale, sample.LeaderWritesPerSecond / OpsScale,
            sample.FollowerWritesPerSecond / OpsScale, 1,
        ];
        if (!double.IsFinite(sample.CpuCores) || sample.CpuCores < 0
            || Array.Exists(features, value => !double.IsFinite(value) || value < 0))
        {
            return;
        }
        _weight = (_weight * _fade) + 1;
        _targetSquares = (_targetSquares * _fade) + (sample.CpuCores * sample.CpuCores);
        for (var row = 0; row < Terms; row++)
        {
            _targets[row] = (_targets[row] * _fade) + (features[row] * sample.CpuCores);
            for (var column = 0; column < Terms; column++)
                _products[row, column] = (_products[row, column] * _fade) + (features[row] * features[column]);
        }
    }

    public CostModel Solve()
    {
        var prior = CostModel.Prior;
        double[] start =
        [
            prior.ReadCpuSeconds * OpsScale, prior.WriteCpuSeconds * OpsScale,
            prior.FollowerWriteCpuSeconds * OpsScale, prior.IdleCores,
        ];
        var solved = Descend(start);
        return new CostModel
        {
            ReadCpuSeconds = solved[0] / OpsScale,
            WriteCpuSeconds = solved[1] / OpsScale,
            FollowerWriteCpuSeconds = solved[2] / OpsScale,
            IdleCores = solved[3],
            SampleWeight = _weight,
            Errors = ErrorsOf(solved),
        };
    }

    private CostErrors? ErrorsOf(double[] solved)
    {
        if (_weight <= 2 * Terms)
            return null;
        var variance = SquaresLeft(solved) / (_weight - Terms);
        Span<double> factor = stackalloc double[Terms * Terms];
        for (var row = 0; row < Terms; row++)
        {
            for (var column = 0; column < Terms; column++)
                factor[(row * Terms) + column] = _products[row, column] + (row == column ? s_priorPull[row] : 0);
        }
        if (!SmallCholesky.TryFactor(factor, Terms))
            return null;
        var together = 0.0;
        Span<double> errors = stackalloc double[Terms];
        Span<double> side = stackalloc double[Terms];
        for (var i = 0; i < Terms; i++)
        {
            side.Clear();
            side[i] = 1;
            SmallCholesky.Substitute(factor, side);
            errors[i] = Math.Sqrt(variance * side[i]);
            together = i == 0 ? variance * side[1] : together;
        }
        return new CostErrors(
            errors[0] / OpsScale, errors[1] / OpsScale, errors[2] / OpsScale, errors[3], Math.Sqrt(variance))
        {
            ReadWriteCovariance = together / (OpsScale * OpsScale),
        };
    }

    /// <summary>Sum of the squares that the coefficients leave of the samples, older ones faded.</summary>
    private double SquaresLeft(double[] solved)
    {
        var left = _targetSquares;
        for (var row = 0; row < Terms; row++)
        {
            left -= 2 * solved[row] * _targets[row];
            for (var column = 0; column < Terms; column++)
                left += solved[row] * _products[row, column] * solved[column];
        }
        return Math.Max(0, left);
    }

    private double[] Descend(double[] prior)
    {
        var x = (double[])prior.Clone();
        for (var sweep = 0; sweep < SweepsMax; sweep++)
        {
            var moved = 0.0;
            for (var i = 0; i < Terms; i++)
            {
                var rest = _targets[i] + (s_priorPull[i] * prior[i]);
                for (var j = 0; j < Terms; j++)
                    rest -= j == i ? 0 : _products[i, j] * x[j];
                var next = Math.Max(0, rest / (_products[i, i] + s_priorPull[i]));
                moved = Math.Max(moved, Math.Abs(next - x[i]));
                x[i] = next;
            }
            if (moved < 1e-9)
                break;
        }
        return x;
    }
}
