using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ShardStore.Node.Cli.Settings;
using ShardStore.Node.Demo;
using Xunit;

namespace ShardStore.Node.Tests.Demo;

public class DemoRunTests
{
    private static readonly DemoOptions Options = new()
    {
        Nodes = 4,
        Replicas = 3,
        Shards = 8,
        Speed = 300,
        Seconds = 6,
        Port = 1,
        AdminPort = 1,
        Json = true,
    };

    /// <summary>Everything for real, only short: four nodes, a second a step. Who wins is not asked, since so short a
    /// run on a machine that runs other tests too shows nothing of it.</summary>
    [Fact]
    public async Task A_short_demo_asks_both_runs_the_same_and_reports_both()
    {
        var port = FreePorts();
        var output = new StringWriter();
        var options = Options with { Port = port, AdminPort = port + 200 };
        Assert.Equal(0, await new DemoHost(options, output, isTerminal: false).RunAsync(CancellationToken.None));
        using var report = JsonDocument.Parse(output.ToString());
        var root = report.RootElement;
        Assert.True(root.GetProperty("sameLoad").GetBoolean());
        Assert.Equal((4, 8, 3), (Number(root, "nodes"), Number(root, "shards"), Number(root, "hotNode")));
        Assert.Equal(6, root.GetProperty("hotShardDemand").GetArrayLength());
        Assert.NotEmpty(root.GetProperty("verdict").GetString()!);
        foreach (var balancer in new[] { "reactive", "predictive" })
        {
            var run = root.GetProperty(balancer);
            Assert.Equal(balancer, run.GetProperty("balancer").GetString());
            Assert.True(Number(run, "requests") > 500, $"{run.GetProperty("requests")} requests");
            Assert.True(run.GetProperty("capacityCores").GetDouble() > 0);
            Assert.Equal(4, run.GetProperty("cpuShareByNode").GetArrayLength());
            Assert.True(run.GetProperty("latency").GetProperty("count").GetInt64() > 0);
            Assert.NotEqual("none", run.GetProperty("forecaster").GetString());
        }
    }

    [Fact]
    public async Task A_trace_that_is_broken_or_missing_is_bad_usage_that_names_file_and_line()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "timestamp,value\n0,1\n300,NaN\n600,text\n500,1\n1200,2\n");
            var error = await Assert.ThrowsAsync<UsageException>(
                () => new DemoHost(Options with { TracePath = path }, TextWriter.Null, false).RunAsync(default));
            Assert.Contains(Path.GetFileName(path), error.Message);
            Assert.Contains("line 3 column value is 'NaN'", error.Message);
            Assert.Contains("line 4 column value is 'text'", error.Message);
            Assert.Contains("line 6 is 700 s after the line before", error.Message);
        }
        finally
        {
            File.Delete(path);
        }
        var missing = await Assert.ThrowsAsync<UsageException>(
            () => new DemoHost(Options with { TracePath = "/no/such.csv" }, TextWriter.Null, false).RunAsync(default));
        Assert.Contains("--trace /no/such.csv: trace /no/such.csv does not exist", missing.Message);
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_nothing_stays_behind()
    {
        var port = FreePorts();
        using var taken = new TcpListener(IPAddress.Loopback, port + 2);
        taken.Start();
        var before = Directory.GetDirectories(Path.GetTempPath(), "shardstore-demo-*").Length;
        var error = await Assert.ThrowsAsync<IOException>(() => new DemoHost(
            Options with { Port = port, AdminPort = port + 200 }, TextWriter.Null, false).RunAsync(default));
        Assert.Contains($"node n3: cannot listen on 127.0.0.1:{port + 2}", error.Message);
        Assert.Equal(before, Directory.GetDirectories(Path.GetTempPath(), "shardstore-demo-*").Length);
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();

    /// <summary>A base with four free ports there, a hundred and two hundred above it, below the range from which the
    /// system serves outgoing connections.</summary>
    private static int FreePorts()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var port = Random.Shared.Next(12_000, 31_000);
            if (Enumerable.Range(0, 12).All(i => IsFree(port + (i % 4) + (i / 4 * 100))))
                return port;
        }
        throw new InvalidOperationException("no free ports found");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
