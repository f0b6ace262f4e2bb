namespace ShardStore.Balancer.Learning;

/// <summary>Reads the figures of <see cref="ClusterContext"/> at the end of every interval. Remembers what was forecast
/// an interval ago, to see what came of it.</summary>
/// <param name="policy">The policy itself, not as its knobs are turned.</param>
internal sealed class ContextReader(BalancingPolicy policy)
{
    private const long HourMs = 3_600_000;

    /// <summary>Weight of the newest interval in what is smoothed: about an hour is remembered.</summary>
    private const double Newest = 0.3;

    /// <summary>Load that is expected beyond the upper quantile.</summary>
    private const double MissedExpected = 0.1;

    /// <summary>Where width and swing of a forecast are read. Unit: seconds ahead.</summary>
    private const double AheadSeconds = 1800;

    private const double SkewMax = 3;
    private const double MoveSecondsUnit = 600;

    private readonly Dictionary<int, Expected> _expected = [];
    private double _over;
    private double _missed;
    private double _volatility;
    private double _error;

    private readonly record struct Expected(double Before, double Median, double Upper);

    /// <summary>The figures now; to be called once an interval.</summary>
    public double[] Read(ClusterSnapshot seen, long nowMs, double intervalSeconds)
    {
        Compare(seen);
        Expect(seen, intervalSeconds);
        var (level, most, over) = Fullness(seen);
        _over += Newest * (over - _over);
        var (all, ahead, width, trusted) = Foreseen(seen);
        var nodes = Math.Max(1, seen.Nodes.Length);
        var threshold = policy.Triggers.Threshold;
        return
        [
            level / threshold,
            (most - level) / threshold,
            _over,
            ahead > 0 ? width / ahead : 0,
            all > 0 ? trusted / all : 0,
            _missed - MissedExpected,
            _volatility > 0 ? Math.Clamp(1 - (_error / _volatility), -1, 1) : 0,
            _volatility,
            all > 0 ? Math.Abs(ahead - all) / all : 0,
            Skew(seen, all),
            Math.Log(1 + (Ended(seen, nowMs, move => move.Kind == MoveKind.ReplicaMove) / (double)nodes)),
            Math.Log(1 + (Ended(seen, nowMs, move => move.Kind == MoveKind.LeaderTransfer) / (double)nodes)),
            Ended(seen, nowMs, move => Undoes(seen, move)) / (double)nodes,
            MoveSeconds(seen) / MoveSecondsUnit,
            Gauss.Sigmas(policy.Triggers.ActQuantile),
            Gauss.Sigmas(policy.Triggers.TrustQuantile),
        ];
    }

    private void Compare(ClusterSnapshot seen)
    {
        double all = 0, missed = 0, changed = 0, error = 0;
        foreach (var shard in seen.Shards)
        {
            if (!_expected.TryGetValue(shard.Id.Value, out var expected))
            {
                continue;
            }

            var ops = shard.Demand.OpsPerSecond;
            all += ops;
            missed += ops > expected.Upper ? ops : 0;
            changed += Math.Abs(ops - expected.Before);
            error += Math.Abs(ops - expected.Median);
        }

        if (all <= 0)
        {
            return;
        }

        _missed += Newest * ((missed / all) - _missed);
        _volatility += Newest * ((changed / all) - _volatility);
        _error += Newest * ((error / all) - _error);
    }

    private void Expect(ClusterSnapshot seen, double seconds)
    {
        _expected.Clear();
        foreach (var shard in seen.Shards)
        {
            var ops = shard.Demand.OpsPerSecond;
            _expected[shard.Id.Value] = shard.Forecast is { } forecast
                ? new Expected(ops, Ahead(forecast, seconds, upper: false), Ahead(forecast, seconds, upper: true))
                : new Expected(ops, ops, double.PositiveInfinity);
        }
    }

    private (double Mean, double Max, double ShareOver) Fullness(ClusterSnapshot seen)
    {
        double cores = 0, capacity = 0, most = 0, over = 0, up = 0;
        foreach (var node in seen.Nodes)
        {
            if (node.State == NodeState.Down)
            {
                continue;
            }

            up++;
            cores += node.Utilization.Cpu * node.CapacityCores;
            capacity += node.CapacityCores;
            most = Math.Max(most, node.Utilization.Cpu);
            over += node.Utilization.Cpu > policy.Triggers.Threshold ? 1 : 0;
        }

        return capacity > 0 ? (cores / capacity, most, over / up) : (0, 0, 0);
    }

    private static (double All, double Ahead, double Width, double Trusted) Foreseen(ClusterSnapshot seen)
    {
        double all = 0, ahead = 0, width = 0, trusted = 0;
        foreach (var shard in seen.Shards)
        {
            var ops = shard.Demand.OpsPerSecond;
            all += ops;
            if (shard.Forecast is not { } forecast)
            {
                ahead += ops;
                continue;
            }

            var median = Ahead(forecast, AheadSeconds, upper: false);
            ahead += median;
            width += Ahead(forecast, AheadSeconds, upper: true) - median;
            trusted += forecast.State == ForecastState.Ok ? ops : 0;
        }

        return (all, ahead, width, trusted);
    }

    private static double Ahead(QuantileForecast forecast, double seconds, bool upper)
    {
        var (middle, high, _) = QuantileColumns.Of(forecast.Levels);
        var step = (int)Math.Ceiling((forecast.AgeSeconds + seconds) / forecast.StepSeconds);
        var row = Math.Clamp(step, 1, forecast.Steps) - 1;
        return forecast.Values[(row * forecast.Levels.Length) + (upper ? high : middle)];
    }

    /// <summary>The largest shard, as a share of what a node has on average.</summary>
    private static double Skew(ClusterSnapshot seen, double all)
    {
        var largest = 0.0;
        foreach (var shard in seen.Shards)
        {
            largest = Math.Max(largest, shard.Demand.OpsPerSecond);
        }

        return all > 0 ? Math.Min(SkewMax, largest * seen.Nodes.Length / all) : 0;
    }

    private static int Ended(ClusterSnapshot seen, long nowMs, Func<FinishedMove, bool> counts)
    {
        var count = 0;
        foreach (var move in seen.RecentMoves)
        {
            count += move.EndedMs > nowMs - HourMs && counts(move) ? 1 : 0;
        }

        return count;
    }

    private static bool Undoes(ClusterSnapshot seen, FinishedMove move) => seen.RecentMoves.Any(old =>
        old.Succeeded && old.Shard == move.Shard && old.From == move.To && old.To == move.From
        && old.EndedMs < move.EndedMs);

    private double MoveSeconds(ClusterSnapshot seen)
    {
        double bytes = 0;
        foreach (var shard in seen.Shards)
        {
            bytes += shard.SizeBytes;
        }

        return bytes / Math.Max(1, seen.Shards.Length) / policy.Limits.BytesPerSecondMax;
    }
}
