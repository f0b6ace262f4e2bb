using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Simulation.Tests;

public sealed class CrashPointTests(ITestOutputHelper output)
{
    /// <summary>So many points for one that is tried here; "--crash-points" tries all.</summary>
    private const int Share = 29;

    [Fact]
    public void A_process_may_die_in_any_disk_operation()
    {
        var points = CrashPoints.From(1);
        points.Try(Share, Math.Clamp(Environment.ProcessorCount, 1, 4));
        foreach (var line in points.Table)
            output.WriteLine(line);
        output.WriteLine($"{points.Tried} tried of {points.Existing}");
        Assert.True(points.Failures.Count == 0, string.Join("\n\n", points.Failures));
        Assert.True(points.Tried >= points.Existing / Share);
    }
}
