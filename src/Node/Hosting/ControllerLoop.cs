using Microsoft.Extensions.Logging;
using ShardStore.Balancer;
using ShardStore.Node.Clocks;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Hosting;

/// <summary>Once a second: sample this node, and on the meta leader gather, forecast, decide and act. Everything that
/// touches the meta group goes through the loop.</summary>
public sealed class ControllerLoop(ControllerParts parts, NodeSampler sampler, IClock clock, ILogger logger)
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);
    private readonly DemandDeltas _deltas = new();
    private readonly HashSet<ShardMeterKey> _metered = [];
    private long _nextRoundMs;

    public async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        // Disposing the timer ends the wait without an exception; nothing is under way then that another controller
        // would miss.
        await using var registration = stopping.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
            await SecondAsync();
    }

    private async Task SecondAsync()
    {
        try
        {
            var view = await parts.Loop.AskAsync(LookAtHost, AskTimeout);
            PublishSample();
            parts.Feed.Relays = view.IsLeader;
            if (view.IsLeader)
                LeadSecond(view);
            else
                FollowSecond(view);
        }
        catch (TimeoutException)
        {
            ControllerLog.LoopSlow(logger, AskTimeout.TotalSeconds);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // One bad round must not be the last: without this loop the node is no longer heard by the others.
            ControllerLog.RoundFailed(logger, failure);
        }
    }

    private MetaView LookAtHost()
    {
        var present = new HashSet<ShardMeterKey>();
        foreach (var shard in parts.Core.Host.Requests.Shards)
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
        parts.Core.Host.Snapshots.Observe(sampler.Latest.Node.RequestMicrosP99);
        return MetaView.Of(parts.Core.Meta, parts.Core.Routing.Map);
    }

    private void PublishSample()
    {
        if (sampler.Sample() is not { } sample)
            return;
        var led = parts.Core.Routing.LedShards;
        var demands = sample.Demands.Where(demand => led.AsSpan().BinarySearch(demand.ShardId) >= 0).ToArray();
        var nowMs = clock.MonotonicMicros / 1000;
        parts.Telemetry.AcceptOwn(sample.Node, demands, nowMs);
        parts.Feed.Publish(new UtilizationBlock(sample.Node, 0, _deltas.Choose(demands, nowMs)), nowMs);
    }

    private void LeadSecond(MetaView view)
    {
        var unixMs = clock.WallMs;
        var monotonicMs = clock.MonotonicMicros / 1000;
        parts.Balancer.AddSamples(view, monotonicMs, unixMs);
        foreach (var batch in parts.Loads.TakeBatches(unixMs))
            Propose(new AppendHistory(batch));
        if (view.Map.Shards.IsEmpty || !AllHoldersKnown(view) || !IsTime(monotonicMs))
            return;
        var round = parts.Balancer.Decide(view, monotonicMs, unixMs);
        // A balancer that is off plans drains only, which are orders.
        foreach (var command in parts.Balancer.Due(view, round))
            Propose(command);
    }

    private void FollowSecond(MetaView view)
    {
        parts.Balancer.StepDown();
        var monotonicMs = clock.MonotonicMicros / 1000;
        parts.Balancer.Observe(view, monotonicMs);
        if (IsTime(monotonicMs))
            parts.Balancer.Follow(view);
    }

    /// <summary>Whether the next round is due; then the one after it waits for a fifth of a step.</summary>
    private bool IsTime(long monotonicMs)
    {
        if (monotonicMs < _nextRoundMs)
            return false;
        _nextRoundMs = monotonicMs + Math.Clamp(parts.Loads.StepSeconds * 1000L / 5, 1_000, 10_000) - 500;
        return true;
    }

    /// <summary>False while founding members have yet to report themselves: the planner refuses half a cluster.
    /// </summary>
    private static bool AllHoldersKnown(MetaView view)
    {
        var known = view.Nodes.Select(node => node.Number).ToHashSet();
        return view.Map.Shards.All(shard => shard.Replicas.All(replica => known.Contains(replica.Node)));
    }

    private void Propose(MetaCommand command) => parts.Core.Host.Mailbox.Post(() =>
    {
        if (parts.Core.Meta.IsLeader)
            parts.Core.Meta.Propose(command, result => Note(command, result));
    });

    private void Note(MetaCommand command, MetaResult result)
    {
        if (!result.Ok && command is StartMigration)
            ControllerLog.MoveRefused(logger, result.Error);
        if (command is MoveModel move)
            ControllerLog.ModelMoved(logger, move.Step, move.Number, result.Ok ? move.Reason : result.Error);
    }

    private readonly record struct ShardMeterKey(int Shard, ulong Replica);
}

/// <summary>The parts of a node that the controller's second goes through.</summary>
public sealed record ControllerParts(
    NodeCore Core, HostLoop Loop, UtilizationFeed Feed, ClusterTelemetry Telemetry, LoadKeeper Loads,
    BalancerService Balancer);
