using ShardStore.Cluster.Tests.Support;
using ShardStore.Cluster.Tests.Utilization;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Every fault once or twice; for as long as one likes by the command in docs/testing.md.</summary>
public sealed class NemesisTests(ITestOutputHelper output)
{
    private const int Seed = 20261125;
    private readonly Figures _figures = new(output);

    [NamespacesFact]
    public async Task No_fault_loses_doubles_or_hides_what_was_acknowledged()
    {
        Assert.True(IndependentLoad.Missing is null, IndependentLoad.Missing);
        await using var cluster = await NemesisCluster.StartAsync(nodes: 4);
        var run = new NemesisRun(cluster, Seed) { HoldShare = 0.5 };
        foreach (var reason in Faults.Missing)
            _figures.Write(reason);
        _figures.Write(NemesisResult.Head);
        foreach (var fault in Faults.All)
        {
            var result = await run.RunAsync(fault, TimeSpan.Zero);
            _figures.Write(result.ToString());
            Assert.True(result.IsClean, $"{result}\n{string.Join('\n', result.Verdict.Stories)}\n{cluster.Errors()}");
        }
    }
}
