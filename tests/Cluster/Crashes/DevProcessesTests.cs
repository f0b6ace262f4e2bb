using System.Text.Json;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Crashes;

/// <summary>What a newcomer would try: `dev --processes`, `bench` on it, and kill -9.</summary>
public sealed class DevProcessesTests(ITestOutputHelper output)
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Figures _figures = new(output);

    [Fact]
    public async Task Kill_9_of_a_node_of_dev_under_bench_loses_no_acknowledged_write()
    {
        await using var dev = await DevCommand.StartAsync();
        await using var load = await StartLoadAsync(dev);
        var bench = BenchAsync(dev, seconds: 8);
        var nodes = await dev.NodeIdsAsync();
        await load.WaitServedAsync(Patience);
        await load.WaitOperationsAsync(500, Patience);
        load.ResetGaps();
        var killed = await DevCommand.KillAsync(nodes[1]);
        await load.WaitServedAsync(Patience);
        await load.WaitServedAsync(Patience);
        var gap = load.LongestGap;
        dev.StartAgain(killed[0]);
        await FinishAsync(dev, load, await bench, $"dev, kill -9 n2: longest gap {gap.TotalMilliseconds:0} ms");
        Assert.True(gap < BackWithin, $"{gap.TotalMilliseconds:0} ms without a write");
    }

    [Fact]
    public async Task Kill_9_of_all_nodes_of_dev_under_bench_loses_no_acknowledged_write()
    {
        await using var dev = await DevCommand.StartAsync();
        await using var load = await StartLoadAsync(dev);
        var bench = BenchAsync(dev, seconds: 12);
        await load.WaitServedAsync(Patience);
        await load.WaitOperationsAsync(1000, Patience);
        await DevCommand.KillAsync(await dev.NodeIdsAsync());
        await dev.StartAllAgainAsync();
        await load.WaitServedAsync(Patience);
        await FinishAsync(dev, load, await bench, "dev, kill -9 of all and the same command again");
    }

    private static Task<CheckedLoad> StartLoadAsync(DevCommand dev) =>
        CheckedLoad.StartAsync(dev.Endpoints, new LoadShape { Shards = DevCommand.Shards, WorkersAShard = 1 });

    private static Task<(int ExitCode, string Output, string Errors)> BenchAsync(DevCommand dev, int seconds) =>
        NodeProcess.RunAsync(
            "bench", "--verify", "--json", "--seconds", $"{seconds}", "--endpoints", string.Join(',', dev.Endpoints),
            "--connections", "16", "--pipeline", "4", "--keys", "20000", "--rate", "1500", "--reads", "0.3");

    private async Task FinishAsync(
        DevCommand dev, CheckedLoad load, (int ExitCode, string Output, string Errors) bench, string what)
    {
        var counts = await load.StopAsync();
        var lost = await load.ReadBackAsync(dev.Endpoints);
        Assert.True(bench.ExitCode == 0, $"bench ended with {bench.ExitCode}: {bench.Errors}{bench.Output}");
        using var report = JsonDocument.Parse(bench.Output);
        var verified = report.RootElement.GetProperty("verified");
        _figures.Write($"{what}; SDK: {counts}, {lost.Count} lost of {load.KeysWritten} keys read back; bench: "
            + $"{report.RootElement.GetProperty("operations")} operations, "
            + $"{report.RootElement.GetProperty("errors")} errors, {verified.GetProperty("keys")} keys read back, "
            + $"{verified.GetProperty("lost")} lost, {verified.GetProperty("unreadable")} unreadable");
        Assert.Empty(lost);
        Assert.True(verified.GetProperty("keys").GetInt64() > 500, bench.Output);
        Assert.Equal(0, verified.GetProperty("lost").GetInt64());
        Assert.Equal(0, verified.GetProperty("unreadable").GetInt64());
    }
}
