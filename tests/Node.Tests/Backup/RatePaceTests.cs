using System.Diagnostics;
using ShardStore.Node.Backup;

namespace ShardStore.Node.Tests.Backup;

public sealed class RatePaceTests
{
    [Fact]
    public async Task Streams_together_stay_below_the_rate()
    {
        const int bytesPerSecond = 1_000_000;
        var pace = new RatePace(bytesPerSecond);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            for (var chunk = 0; chunk < 20; chunk++)
                await pace.SpendAsync(10_000, CancellationToken.None);
        }));
        // 0.6 s of the rate, less what may come in a burst.
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(0.3));
    }

    [Fact]
    public async Task Without_a_rate_nobody_waits()
    {
        var pace = new RatePace(0);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        for (var chunk = 0; chunk < 1_000; chunk++)
            await pace.SpendAsync(1 << 30, patience.Token);
    }
}
