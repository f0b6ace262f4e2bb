using Microsoft.Extensions.Logging;
using ShardStore.Balancer;
using ShardStore.Node.Clocks;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Hosting;

/// <summary>Once a second: sample this node, and on the meta leader gather, forecast, decide and act. Everything that
/// touches the meta group goes through the loop.</summary>
public sealed class ControllerLoop(
    NodeCore core, HostLoop loop, NodeSampler sampler, UtilizationFeed feed, ClusterTelemetry telemetry,
    LoadKeeper loads, BalancerService balancer, IClock clock, ILogger logger)
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);
    private readonly DemandDeltas _deltas = new();
    private readonly HashSet<ShardMeterKey> _metered = [];
    private long _nextDecisionMs;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
                await SecondAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops: nothing is under way that another controller would miss.
        }
    }

    private async Task SecondAsync(CancellationToken stopping)
    {
        try
        {
            var view = await loop.AskAsync(LookAtHost, AskTimeout, stopping);
            PublishSample();
            feed.Relays = view.IsLeader;
            if (view.IsLeader)
                LeadSecond(view);
            else
                balancer.StepDown();
        }
        catch (TimeoutException)
        {
            ControllerLog.LoopSlow(logger, AskTimeout.TotalSeconds);
        }
    }

    private MetaView LookAtHost()
    {
        var present = new HashSet<ShardMeterKey>();
        foreach (var shard in core.Host.Requests.Shards)
        {
            var meter = shard.Shard.Meter;
            meter.SetSize(shard.Shard.Store.LiveBytes, shard.Shard.Store.KeyCount);
            present.Add(new ShardMeterKey(shard.Shard.ShardId, shard.Group.Identity.Replica.Value));
            if (_metered.Add(new ShardMeterKey(shard.Shard.ShardId, shard.Group.Identity.Replica.Value)))
                sampler.AddMeter(meter);
        }
        foreach (var gone in _metered.Where(key => !present.Contains(key)).ToArray())
        {
            _metered.Remove(gone);
            if (!present.Any(key => key.Shard == gone.Shard))
                sampler.RemoveMeter(gone.Shard);
        }
        return MetaView.Of(core.Meta, core.Routing.Map);
    }

    private void PublishSample()
    {
        if (sampler.Sample() is not { } sample)
            return;
        var led = core.Routing.LedShards;
        var demands = sample.Demands.Where(demand => led.AsSpan().BinarySearch(demand.ShardId) >= 0).ToArray();
        var nowMs = clock.MonotonicMicros / 1000;
        telemetry.AcceptOwn(sample.Node, demands, nowMs);
        feed.Publish(new UtilizationBlock(sample.Node, 0, _deltas.Choose(demands, nowMs)), nowMs);
    }

    private void LeadSecond(MetaView view)
    {
        var unixMs = clock.WallMs;
        var monotonicMs = clock.MonotonicMicros / 1000;
        balancer.AddSamples(view, monotonicMs, unixMs);
        foreach (var batch in loads.TakeBatches(unixMs))
            Propose(new AppendHistory(batch));
        if (monotonicMs < _nextDecisionMs || view.Map.Shards.IsEmpty)
            return;
        _nextDecisionMs = monotonicMs + Math.Clamp(loads.StepSeconds * 1000L / 5, 1_000, 10_000) - 500;
        var round = balancer.Decide(view, monotonicMs, unixMs);
        if (round.Snapshot.Policy.Mode == Balancer.BalancerMode.Off)
            return;
        foreach (var command in BalancerService.Due(round))
            Propose(command);
    }

    private void Propose(MetaCommand command) => core.Host.Mailbox.Post(() =>
    {
        if (core.Meta.IsLeader)
            core.Meta.Propose(command, result => Note(command, result));
    });

    private void Note(MetaCommand command, MetaResult result)
    {
        if (!result.Ok && command is StartMigration)
            ControllerLog.MoveRefused(logger, result.Error);
    }

    private readonly record struct ShardMeterKey(int Shard, ulong Replica);
}
