using System.Collections.Concurrent;
using System.Text.Json;
using ShardStore.Node.Bench;
using Xunit;

namespace ShardStore.Client.Tests;

/// <summary>Short loads against real Redis. Machines differ, so the tests look at counts, not at speed.</summary>
public sealed class LoadGeneratorTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    private BenchOptions Options => new()
    {
        Endpoints = [cluster.Endpoints[0]],
        Seconds = 1,
        Connections = 4,
        Pipeline = 8,
        Keys = 5000,
    };

    [RedisFact]
    public async Task A_verified_load_during_a_move_loses_nothing_and_follows_redirects()
    {
        var load = LoadGenerator.RunAsync(
            Options with { Seconds = 4, Verify = true, Reads = 0.3 }, null, CancellationToken.None);
        await cluster.MoveSlotsAsync(100, from: 0, to: 2);
        var report = await load;
        Assert.Equal(0, report.Errors);
        Assert.True(report.Moved > 0, "no redirect was seen");
        Assert.True(report.Verified!.Keys > 1000);
        Assert.Equal((0, 0), (report.Verified.Lost, report.Verified.Unreadable));
    }

    [RedisFact]
    public async Task Lost_writes_are_found()
    {
        using var early = new CancellationTokenSource();
        var flushed = new ProgressCallback(_ =>
        {
            foreach (var port in cluster.Ports)
                RedisCluster.RunAsync(["-p", port.ToString(), "FLUSHALL"]).Wait();
        });
        var report = await LoadGenerator.RunAsync(
            Options with { Seconds = 2, Verify = true, Reads = 0, Keys = 1_000_000 }, flushed, early.Token);
        Assert.True(report.Verified!.Lost > 0, report.ToJson());
        Assert.Contains("found nothing", report.Verified.Examples[0], StringComparison.Ordinal);
    }

    [RedisFact]
    public async Task An_open_load_keeps_its_rate_and_tells_a_line_a_second()
    {
        var lines = new ConcurrentQueue<BenchProgress>();
        var report = await LoadGenerator.RunAsync(
            Options with { Seconds = 3, RatePerSecond = 1000, Distribution = KeyDistribution.Zipf },
            new ProgressCallback(lines.Enqueue), CancellationToken.None);
        Assert.InRange(report.Operations, 2700, 3100);
        Assert.Equal(0, report.Errors);
        Assert.InRange(lines.Count, 2, 4);
        Assert.Equal(report.Operations, report.ReadLatency.Count + report.WriteLatency.Count);
        using var json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(report.Operations, json.RootElement.GetProperty("operations").GetInt64());
        Assert.Equal("zipf", json.RootElement.GetProperty("options").GetProperty("distribution").GetString());
    }

    [RedisFact]
    public async Task A_trace_drives_rate_and_slots()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "timestamp,value\n0,100\n60,100\n120,0\n180,0\n");
        try
        {
            var report = await LoadGenerator.RunAsync(
                Options with { Seconds = 3, RatePerSecond = 1000, ReplayPath = path, Reads = 0, Keys = 100_000 },
                null, CancellationToken.None);
            // One second at the peak, one sliding down, one of background only: 1000 + 600 + 200.
            Assert.InRange(report.Operations, 1500, 2000);
            var hot = 0;
            await using var client = await ShardStoreClient.ConnectAsync(
                new ClientOptions { Endpoints = cluster.Endpoints });
            await foreach (var key in client.ScanAsync(new ScanOptions { Pattern = "bench:{*" }))
                hot += ShardStore.Resp.HashSlot.Of(key.Span) <= 340 ? 1 : 0;
            Assert.True(hot > 400, $"{hot} keys in the hot slots");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Options_out_of_range_are_named()
    {
        var error = await Assert.ThrowsAsync<ArgumentException>(() => LoadGenerator.RunAsync(
            new BenchOptions { Endpoints = ["127.0.0.1:1"], Reads = 1.5 }, null, CancellationToken.None));
        Assert.Equal("--reads 1.5 is not in 0 to 1", error.Message);
    }

    [Fact]
    public async Task No_server_is_an_error_with_a_name()
    {
        var error = await Assert.ThrowsAsync<IOException>(() => LoadGenerator.RunAsync(
            new BenchOptions { Endpoints = ["127.0.0.1:1"] }, null, CancellationToken.None));
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
    }

    private sealed class ProgressCallback(Action<BenchProgress> onReport) : IProgress<BenchProgress>
    {
        public void Report(BenchProgress value) => onReport(value);
    }
}
