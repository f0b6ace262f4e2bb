namespace ShardStore.Balancer.Forecasting;

/// <summary>
/// The weighted mean of the candidates, quantile by quantile (Vincentization, Ratcliff 1979: levels that are in order
/// in every member are in order in the mean, and the mean of equally sharp members stays as sharp). A member weighs by
/// how little it lost lately on this series over the same reach.
/// </summary>
internal sealed class Combination
{
    public const string MethodName = "combination";

    /// <summary>Share of the best weight below which a member is left out: many poor members together would count
    /// for something.</summary>
    private const double ShareMin = 0.05;

    // Row-major: reach after reach, each with one weight a member.
    private readonly double[] _weights;
    private readonly int _members;
    private readonly ForecastTuning _tuning;

    public Combination(int members, ForecastTuning tuning)
    {
        _members = members;
        _tuning = tuning;
        _weights = new double[ForecastReaches.CountMax * members];
    }

    /// <summary>Weight of each member over one reach; they sum to 1, or are all 0 where no member has an
    /// answer.</summary>
    public ReadOnlySpan<double> WeightsAt(int reach) => _weights.AsSpan(reach * _members, _members);

    /// <summary>Weighs the members anew by their losses and mixes their forecasts.</summary>
    public QuantileForecast Mix(RollingBacktest backtest, ReadOnlySpan<QuantileForecast> members)
    {
        for (var reach = 0; reach < backtest.Reaches.Count; reach++)
        {
            Weigh(backtest, members, reach);
        }

        var values = new double[backtest.Steps * ForecastLevels.Count];
        for (var step = 1; step <= backtest.Steps; step++)
        {
            var (reach, next) = backtest.Reaches.Between(step);
            var row = (step - 1) * ForecastLevels.Count;
            var mixed = values.AsSpan(row, ForecastLevels.Count);
            for (var member = 0; member < _members; member++)
            {
                var weight = _weights[(reach * _members) + member];
                if (next > 0)
                {
                    weight += next * (_weights[((reach + 1) * _members) + member] - weight);
                }

                if (weight > 0)
                {
                    AddScaled(members[member].Values.AsSpan(row, ForecastLevels.Count), weight, mixed);
                }
            }
        }

        return Answer(members, values);
    }

    private QuantileForecast Answer(ReadOnlySpan<QuantileForecast> members, double[] values)
    {
        var last = members[ForecastSelector.LastValueIndex];
        return _weights.AsSpan(0, _members).ContainsAnyExcept(0.0)
            ? last with { Values = values, Method = MethodName, State = ForecastState.Ok, Reason = null }
            : last with { Method = MethodName };
    }

    private static void AddScaled(ReadOnlySpan<double> levels, double weight, Span<double> mixed)
    {
        for (var i = 0; i < mixed.Length; i++)
        {
            mixed[i] += weight * levels[i];
        }
    }

    private void Weigh(RollingBacktest backtest, ReadOnlySpan<QuantileForecast> members, int reach)
    {
        var weights = _weights.AsSpan(reach * _members, _members);
        var (slowBest, fastBest) = (double.PositiveInfinity, double.PositiveInfinity);
        for (var i = 0; i < _members; i++)
        {
            if (members[i].State == ForecastState.Ok)
            {
                var loss = backtest.LossAt(i, reach);
                slowBest = Math.Min(slowBest, loss.Slow);
                fastBest = Math.Min(fastBest, loss.Fast);
            }
        }

        var heaviest = 0.0;
        for (var i = 0; i < _members; i++)
        {
            var loss = backtest.LossAt(i, reach);
            var relative = ((1 - _tuning.FastShare) * Relative(loss.Slow, slowBest))
                + (_tuning.FastShare * Relative(loss.Fast, fastBest));
            weights[i] = members[i].State == ForecastState.Ok ? Math.Pow(relative, -_tuning.WeightPower) : 0;
            heaviest = Math.Max(heaviest, weights[i]);
        }

        Normalize(weights, heaviest * ShareMin);
    }

    private static void Normalize(Span<double> weights, double smallest)
    {
        var sum = 0.0;
        foreach (ref var weight in weights)
        {
            weight = weight < smallest ? 0 : weight;
            sum += weight;
        }

        for (var i = 0; sum > 0 && i < weights.Length; i++)
        {
            weights[i] /= sum;
        }
    }

    // Where the best was never wrong, the others count as little as they can; equals of it count alike.
    private static double Relative(double loss, double best)
        => loss <= best ? 1 : best > 0 ? loss / best : double.MaxValue;
}
