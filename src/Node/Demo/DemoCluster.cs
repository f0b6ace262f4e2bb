using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using ShardStore.Balancer;
using ShardStore.Node.Admin;
using ShardStore.Node.Hosting;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Demo;

/// <summary>One run's cluster: fresh, in a temporary folder, its balancer off until it is told a policy.</summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    private const int MemoryMb = 64;
    private const int CheckpointMb = 64;

    /// <summary>Generous: five nodes and a load share this machine, and an election would be mistaken for a move.
    /// </summary>
    private const int ElectionMs = 3000;

    private const int HeartbeatMs = 100;
    private readonly ILoggerFactory _loggers = Logs();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("shardstore-demo-");
    private LocalCluster? _cluster;
    private NodeAdminSource[] _sources = [];

    private DemoCluster()
    {
    }

    public IReadOnlyList<NodeRuntime> Nodes => _cluster!.Nodes;

    public IReadOnlyList<string> Endpoints => [.. Nodes.Select(node => node.Options.Announce.ToString())];

    /// <summary>The controller's last round; null while nobody is.</summary>
    public ControllerRound? LatestRound =>
        _sources.Select(source => source.LatestRound).FirstOrDefault(round => round is not null);

    /// <param name="script">What will be replayed.</param>
    /// <param name="options">Where to listen, how many copies.</param>
    /// <param name="capacityCores">Of each node.</param>
    /// <param name="history">Load from before this cluster; null for none.</param>
    /// <exception cref="IOException">A node cannot start.</exception>
    public static async Task<DemoCluster> StartAsync(
        DemoScript script, DemoOptions options, double capacityCores, byte[]? history)
    {
        var cluster = new DemoCluster();
        var isUp = false;
        try
        {
            var dev = DevOptionsOf(script, options, capacityCores);
            cluster._cluster = await LocalCluster.StartAsync(
                LocalCluster.OptionsOf(dev, cluster._directory.FullName), new NodeEnvironment
                {
                    Loggers = cluster._loggers,
                    Shared = new SharedProcess(new ProcessReadings(), ownWorkOnly: true),
                    History = history is null ? [] : [history],
                });
            cluster._sources = [.. cluster.Nodes.Select(node => new NodeAdminSource(node))];
            isUp = true;
            return cluster;
        }
        finally
        {
            if (!isUp)
                await cluster.DisposeAsync();
        }
    }

    public Task<bool> IsFormedAsync(TimeSpan timeout, CancellationToken stop) => _cluster!.IsFormedAsync(timeout, stop);

    public Task<MetaView> ViewAsync(CancellationToken stop) => _sources[0].ViewAsync(stop);

    /// <exception cref="IOException">The cluster did not take it.</exception>
    public async Task SetPolicyAsync(BalancingPolicy policy, CancellationToken stop)
    {
        var result = await _sources[0].ProposeAsync(new SetPolicy(PolicyDocument.Write(policy)), stop);
        if (!result.Ok)
            throw new IOException($"the demo's policy was not taken: {result.Error}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _loggers.Dispose();
        _directory.Delete(recursive: true);
    }

    private static DevOptions DevOptionsOf(DemoScript script, DemoOptions options, double capacityCores) => new()
    {
        Nodes = script.Nodes,
        Shards = script.Shards,
        Replicas = options.Replicas,
        Port = options.Port,
        AdminPort = options.AdminPort,
        Processes = false,
        Balancer = BalancerMode.Off,
        ForecastStepSeconds = script.StepSeconds,
        ForecastSeasonSteps = script.SeasonSteps,
        CapacityCores = capacityCores,
        MemoryMb = MemoryMb,
        ElectionMs = ElectionMs,
        HeartbeatMs = HeartbeatMs,
        CheckpointMb = CheckpointMb,
    };

    // To standard error: standard output belongs to the report.
    private static ILoggerFactory Logs() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Error)
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
}
