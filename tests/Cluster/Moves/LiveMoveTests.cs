using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Moves;

/// <summary>A shard of more than 200 MB moves to a node that has no replica of it while clients read and write it.
/// </summary>
public sealed class LiveMoveTests(LoadedCluster loaded, ITestOutputHelper output) : IClassFixture<LoadedCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Figures _figures = new(output);

    [Fact]
    public async Task A_live_move_fails_no_call_and_loses_no_write()
    {
        await using var load = await loaded.StartLoadAsync("live");
        var plain = await PlainClient.StartAsync(
            loaded.Cluster.Ports[0], LoadedCluster.ShardId, LoadedCluster.ShardCount);
        await load.WaitServedAsync(Patience);
        var before = load.BeginPhase();
        await load.WaitOperationsAsync(5_000, Patience);
        var during = load.BeginPhase();
        load.ResetGaps();
        var cpuBefore = loaded.CpuTime;
        var move = await loaded.BeginMoveAsync();
        var oldestMs = await loaded.OldestUtilizationMsAsync();
        await move.WaitEndAsync();
        var gap = load.Histories[LoadedCluster.ShardId - 1].LongestGap;
        var cpuTime = loaded.CpuTime - cpuBefore;
        var counts = await load.StopAsync();
        await plain.StopAsync();
        var lost = await load.ReadBackAsync(loaded.Cluster.Endpoints);
        var lostBulk = await loaded.ReadBackBulkAsync();
        _figures.Write($"fill {LoadedCluster.BulkBytes / 1e6:0} MB, three replicas: "
            + $"{loaded.FillTime.TotalSeconds:0.0} s, {loaded.FillCpuTime.TotalSeconds:0.0} CPU s of all nodes");
        _figures.Write($"live move {move}; {Speed(move)}, {cpuTime.TotalSeconds:0.0} CPU s of all nodes; "
            + $"content hash {move.View.ContentHash}");
        _figures.Write($"  before the move: {before}");
        _figures.Write($"  during the move: {during}; longest gap of the shard {gap.TotalMilliseconds:0} ms, "
            + $"oldest utilization on any node {oldestMs} ms");
        _figures.Write($"  SDK: {counts}, {lost.Count} lost of {load.KeysWritten} keys, {lostBulk.Count} of the big "
            + $"values; plain client: {plain.Calls} calls, {plain.Redirects} MOVED, {plain.Errors.Count} errors");
        Assert.Equal("Done", move.View.Stage);
        Assert.InRange(oldestMs, 0, 3_000);
        Assert.Equal((0, 0, 0), (counts.Unknown, counts.NotDone, counts.FailedReads));
        Assert.Empty(lost);
        Assert.Empty(lostBulk);
        Assert.Empty(plain.Errors);
        Assert.True(move.View.BytesTotal > 200e6, Speed(move));
        Assert.NotNull(move.View.ContentHash);
        await CheckMovedAsync(move);
    }

    [Theory]
    [InlineData("destination", "Seeding")]
    [InlineData("source", "Seeding")]
    [InlineData("controller", "Seeding")]
    [InlineData("destination", "ShiftingReads")]
    [InlineData("source", "SwitchingOver")]
    public async Task A_move_whose_node_is_killed_ends_or_rolls_back_and_loses_no_write(string role, string stage)
    {
        await using var load = await loaded.StartLoadAsync($"{role}-{stage}");
        await load.WaitServedAsync(Patience);
        var move = await loaded.BeginMoveUntilAsync(stage);
        var killed = role switch
        {
            "destination" => move.To,
            "source" => move.From,
            _ => (await loaded.Api.NodesAsync()).Single(node => node.IsMetaLeader).Number - 1,
        };
        await loaded.Cluster.RestartAsync(killed);
        await move.WaitEndAsync();
        await load.WaitServedAsync(Patience);
        await loaded.Cluster.WaitReadyAsync();
        var counts = await load.StopAsync();
        var lost = await load.ReadBackAsync(loaded.Cluster.Endpoints);
        var lostBulk = await loaded.ReadBackBulkAsync();
        _figures.Write($"kill -9 of the {role} n{killed + 1} in {stage}: {move}; {counts}, {lost.Count} "
            + $"lost of {load.KeysWritten} keys, {lostBulk.Count} of the big values");
        Assert.Empty(lost);
        Assert.Empty(lostBulk);
        if (move.View.Stage == "Done")
            await CheckMovedAsync(move);
        await loaded.WaitTidyAsync();
        Assert.Equal(3, (await loaded.Api.ShardAsync(LoadedCluster.ShardId)).Replicas.Count);
    }

    [Fact]
    public async Task A_move_to_a_node_that_stays_dead_is_rolled_back_and_leaves_nothing_behind()
    {
        await using var load = await loaded.StartLoadAsync("dead");
        await load.WaitServedAsync(Patience);
        var move = await loaded.BeginMoveUntilAsync("Seeding");
        await loaded.Cluster.KillAsync(move.To);
        await move.WaitEndAsync();
        var counts = await load.StopAsync();
        loaded.Cluster.Start(move.To);
        await loaded.Cluster.WaitReadyAsync();
        var lost = await load.ReadBackAsync(loaded.Cluster.Endpoints);
        _figures.Write($"kill -9 of the destination n{move.To + 1} for good: {move}; {counts}, {lost.Count} lost of "
            + $"{load.KeysWritten} keys");
        Assert.Equal("Failed", move.View.Stage);
        Assert.Empty(lost);
        await loaded.WaitTidyAsync();
        var shard = await loaded.Api.ShardAsync(LoadedCluster.ShardId);
        Assert.Contains(shard.Replicas, replica => replica.Node == move.View.From && replica.IsVoter);
        Assert.Equal(3, shard.Replicas.Count);
    }

    private static string Speed(Move move)
    {
        var mb = move.View.BytesTotal / 1e6;
        return $"{mb:0} MB, {mb / move.SecondsIn("Seeding"):0} MB/s while seeding, {mb / move.Seconds:0} MB/s over all";
    }

    private async Task CheckMovedAsync(Move move)
    {
        var shard = await loaded.Api.ShardAsync(LoadedCluster.ShardId);
        Assert.DoesNotContain(shard.Replicas, replica => replica.Node == move.View.From);
        Assert.Contains(shard.Replicas, replica => replica.Node == move.View.To && replica.IsVoter);
        await loaded.WaitTidyAsync();
        Assert.DoesNotContain(
            loaded.DirectoriesOf(move.From), name => name.StartsWith($"g{LoadedCluster.ShardId:d5}-"));
    }
}
