using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Clients;

/// <summary>Clients as their authors ship them: connect, use, and a load that must not notice that leaderships move.
/// </summary>
[Collection(ThreeNodesCollection.Name)]
public sealed class StockClientTests(ThreeNodes nodes, ITestOutputHelper output)
{
    private const string Python = "/usr/bin/python3";
    private const string RedisPy = "/usr/lib/python3/dist-packages/redis/cluster.py";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Longer than a request is held, a silent connection is kept and a machine may be silent.</summary>
    private static readonly TimeSpan Sleep = TimeSpan.FromSeconds(4);

    [ToolFact(Python, RedisPy)]
    public Task Redis_py_works_and_does_not_notice_that_leaderships_move()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "python_cluster.py");
        return RunAsync(Python, TimeSpan.Zero, script, $"{nodes.Cluster.Ports[0]}", "py");
    }

    [ToolFact(Python, RedisPy)]
    public Task Redis_py_sleeps_while_leaderships_move_and_goes_on_without_an_error()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "python_cluster.py");
        return RunAsync(Python, Sleep, script, $"{nodes.Cluster.Ports[2]}", "sleepy");
    }

    [ToolTheory(NodePackages.Node, NodePackages.Npm)]
    [InlineData("ioredis")]
    [InlineData("node-redis")]
    [InlineData("node-redis-3")]
    public async Task A_client_of_Node_js_works_and_does_not_notice_that_leaderships_move(string client)
    {
        await NodePackages.InstallAsync();
        await RunAsync(
            NodePackages.Node, TimeSpan.Zero, NodePackages.Script, client, $"{nodes.Cluster.Ports[1]}");
    }

    private async Task RunAsync(string program, TimeSpan sleep, params string[] arguments)
    {
        await using var client = ToolProcess.Start(program, arguments);
        await client.WaitForLineAsync("basics ok", Deadline);
        await client.WaitForLineAsync("ready", Deadline);
        if (sleep > TimeSpan.Zero)
            client.Pause();
        var moved = await nodes.MoveLeadersAsync(1, 5, 9);
        await Waiting.LastAsync(sleep);
        client.Resume();
        client.WriteLine("stop");
        var ended = await client.WaitAsync(Deadline);
        var report = LoadReport.Parse(ended.Checked());
        output.WriteLine($"{report.Operations} operations over {moved} moves, {report.Errors.Count} errors, "
            + $"{report.Wrong.Count} wrong values");
        output.WriteLine(ended.Errors);
        await report.AssertFlawlessAsync(nodes.Cluster);
    }
}
