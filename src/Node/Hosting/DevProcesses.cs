using System.Diagnostics;
using System.Globalization;

namespace ShardStore.Node.Hosting;

/// <summary>One process a node: what is measured and killed is then real. A node that dies is said and left dead, as
/// a machine would be; starting it again is up to whoever killed it.</summary>
public sealed class DevProcesses(IReadOnlyList<NodeOptions> nodes)
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    public async Task<int> RunAsync(Action<IReadOnlyList<NodeOptions>> announce, CancellationToken stop)
    {
        var running = nodes.Select(Launch).ToList();
        try
        {
            await WaitReadyAsync(running, stop);
            announce(nodes);
            await Task.WhenAny(Hosts.WaitAsync(stop), WatchAsync(running));
            return stop.IsCancellationRequested ? 0 : 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            await EndAsync(running);
        }
    }

    private static Process Launch(NodeOptions node)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(DevProcesses).Assembly.Location);
        foreach (var argument in ArgumentsOf(node))
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new IOException($"node {node.Id}: its process could not be started");
    }

    /// <summary>The command line that starts a node as it is here.</summary>
    public static IReadOnlyList<string> ArgumentsOf(NodeOptions node) =>
    [
        "node", "--id", node.Id, "--dir", node.Dir, "--listen", node.Listen.ToString(),
        "--peer-listen", node.PeerListen.ToString(), "--admin-listen", node.AdminListen.ToString(),
        "--join", string.Join(',', node.Join), "--shards", Text(node.Shards), "--replicas", Text(node.Replicas),
        "--capacity-cores", node.CapacityCores.ToString(CultureInfo.InvariantCulture),
        "--memory-mb", Text(node.MemoryMb), "--forecast-step-seconds", Text(node.ForecastStepSeconds),
        "--forecast-season-steps", Text(node.ForecastSeasonSteps),
        "--balancer", node.Balancer.ToString().ToLowerInvariant(), "--election-ms", Text(node.ElectionMs),
        "--heartbeat-ms", Text(node.HeartbeatMs), "--checkpoint-mb", Text(node.CheckpointMb),
    ];

    private async Task WaitReadyAsync(List<Process> running, CancellationToken stop)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var waited = Stopwatch.StartNew();
        foreach (var node in nodes)
        {
            while (!await IsReadyAsync(http, node, stop))
            {
                if (running.Exists(process => process.HasExited))
                    throw new IOException("a node ended before the cluster was up; its last lines above tell why");
                if (waited.Elapsed > ReadyTimeout)
                    throw new IOException($"node {node.Id} was not ready within {ReadyTimeout.TotalSeconds:0} s");
                await Task.Delay(100, stop);
            }
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, NodeOptions node, CancellationToken stop)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://{node.AdminListen}/readyz"), stop);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task WatchAsync(List<Process> running)
    {
        var ends = running.Select((process, i) => SayEndAsync(nodes[i], process)).ToList();
        await Task.WhenAll(ends);
    }

    private static async Task SayEndAsync(NodeOptions node, Process process)
    {
        await process.WaitForExitAsync();
        await Console.Error.WriteLineAsync($"node {node.Id} (process {process.Id}) ended with code {process.ExitCode}");
    }

    private static async Task EndAsync(List<Process> running)
    {
        foreach (var process in running.Where(process => !process.HasExited))
            Signals.Terminate(process);
        using var deadline = new CancellationTokenSource(StopTimeout);
        foreach (var process in running)
        {
            try
            {
                await process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
            process.Dispose();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
