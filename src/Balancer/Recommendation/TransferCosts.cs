namespace ShardStore.Balancer;

/// <summary>Bytes, measured bandwidth and latency → seconds. While a shard is sent it goes on being written, and the
/// log of that must be sent too: with wire size S, rate B and writes at W the last byte leaves after S ÷ (B − W).
/// </summary>
internal static class TransferCosts
{
    /// <summary>Stages that cost round trips and waiting whatever the size: joining, shifting reads, switching over.
    /// Unit: seconds.</summary>
    private const double StagesSeconds = 5;

    private const double LeaderTransferSeconds = 0.5;

    /// <summary>Round trips of a move's stages one after another, at most.</summary>
    private const double RoundTrips = 40;

    public static TransferCost Of(Round round, MoveCandidate move)
    {
        var link = round.Link(move);
        var latencySeconds = (link?.RoundTripMicros ?? 0) * 1e-6 * RoundTrips;
        var limit = round.Policy.Limits.BytesPerSecondMax;
        if (move.Kind == MoveKind.LeaderTransfer)
            return new TransferCost(0, limit, LeaderTransferSeconds + latencySeconds, link is not null);

        var isMeasured = link is { BytesPerSecond: > 0 };
        var rate = isMeasured ? Math.Min(limit, link!.Value.BytesPerSecond) : limit;
        var shard = round.State.Shards[move.Shard];
        var wireBytes = shard.SizeBytes * Math.Clamp(round.Snapshot.WireRatio, 0.01, 2);
        var writeRate = shard.Demand.OpsPerSecond > 0
            ? shard.Demand.BytesPerSecond * shard.Demand.WritesPerSecond / shard.Demand.OpsPerSecond
            : 0;
        var seconds = writeRate < rate ? wireBytes / (rate - writeRate) : double.PositiveInfinity;
        return new TransferCost(wireBytes, rate, seconds + StagesSeconds + latencySeconds, isMeasured);
    }
}
