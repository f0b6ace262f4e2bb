using System.Globalization;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>Three node processes that forecast and move nothing, and `bench --replay` on them.</summary>
internal sealed class ReplayedCluster : IAsyncDisposable
{
    /// <summary>Longer than this machine pauses: an election in the middle would be another load.</summary>
    private const int ElectionMs = 3_000;

    /// <summary>Each asks for one thing at a time: what comes in bundles costs next to nothing, and the less, the
    /// busier the machine is with other things.</summary>
    private const int Connections = 300;

    private const double ReadShare = 0.9;

    /// <summary>More than a node of these replays ever takes. Unit: cores.</summary>
    public const double CapacityCores = 0.6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClusterProcess _cluster;
    private readonly LeaderLayout _layout;
    private readonly Lazy<Task> _end;

    private ReplayedCluster(ClusterProcess cluster)
    {
        _cluster = cluster;
        Api = new AdminApi(cluster.AdminPorts);
        _layout = new LeaderLayout(Api, shard => NameOf(ReplayPlan.LeaderOf(shard)));
        _end = new Lazy<Task>(EndAsync);
    }

    public AdminApi Api { get; }

    /// <summary>The nodes take turns in leading the shards, as in every cluster that starts with nobody late.</summary>
    public static async Task<ReplayedCluster> StartAsync()
    {
        var shape = new ClusterShape
        {
            Nodes = ReplayPlan.Nodes,
            Shards = DayLoad.Shards,
            CapacityCores = CapacityCores,
            More =
            [
                "--forecast-step-seconds", Text(ReplayPlan.StepSeconds),
                "--forecast-season-steps", Text(DayLoad.DaySteps), "--election-ms", Text(ElectionMs),
            ],
        };
        var cluster = new ReplayedCluster(await ClusterProcess.StartAsync(shape));
        try
        {
            await cluster._layout.ReachAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asked for by the run at its end, and by the session when it is interrupted: then the run fails, and
    /// must not end the process before all nodes are gone.</summary>
    public ValueTask DisposeAsync() => new(_end.Value);

    private async Task EndAsync()
    {
        Api.Dispose();
        await _cluster.DisposeAsync();
    }

    public Task<bool> IsLaidOutAsync() => _layout.HoldsAsync();

    public static string NameOf(int node) => $"n{node}";

    /// <summary>The horizon of the outlooks becomes that of the forecasts, and nothing moves.</summary>
    /// <param name="threshold">The limit of a node, as a share of its capacity.</param>
    public async Task SetPolicyAsync(double threshold)
    {
        var file = Path.Combine(_cluster.Folder, "policy.json");
        const double horizonMinutes = ReplayPlan.Horizon * ReplayPlan.StepSeconds / 60.0;
        await File.WriteAllTextAsync(file, $$"""
            {
              "format": 1, "mode": "off",
              "triggers": { "horizonMinutes": {{Text(horizonMinutes)}}, "threshold": {{Text(threshold)}} }
            }
            """);
        await CtlAsync("policy", "set", file);
    }

    public async Task ImportAsync(string history)
    {
        var file = Path.Combine(_cluster.Folder, "history.csv");
        await File.WriteAllTextAsync(file, history);
        await CtlAsync("series", "import", file);
    }

    /// <summary>A step of the trace takes as long as one of the forecasts.</summary>
    public async Task<Replay> ReplayAsync(ReplayPlan plan)
    {
        var file = Path.Combine(_cluster.Folder, "replay.csv");
        await File.WriteAllTextAsync(file, plan.ReplayText());
        const int seconds = ReplayPlan.Steps * ReplayPlan.StepSeconds;
        var bench = NodeProcess.Start(
            "bench", "--endpoints", string.Join(',', _cluster.Endpoints), "--replay", file,
            "--speed", Text(DayLoad.StepSeconds / ReplayPlan.StepSeconds), "--rate", Text(plan.PeakOps),
            "--seconds", Text(seconds), "--keys", "100000", "--reads", Text(ReadShare),
            "--connections", Text(Connections), "--pipeline", "1");
        await Waiting.UntilAsync(
            () => bench.Output.Contains(" ops/s", StringComparison.Ordinal) || bench.HasExited, Patience,
            () => bench.Errors);
        // Its first line comes when its first second is over.
        return new Replay(bench, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 1_000, seconds);
    }

    /// <summary>A measure of every shard or node, at the forecast step.</summary>
    public async Task<SeriesView[]> MeasuredAsync(string kind, string metric) =>
        await Api.SeriesAsync(
            $"kind={kind}&metric={metric}&step={ReplayPlan.StepSeconds}&points={2 * ReplayPlan.Steps}");

    private Task CtlAsync(params string[] words) => Ctl.RunAsync(_cluster.AdminPorts[0], words);

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A bench that runs. Unit of <paramref name="BeganUnixMs"/>: ms.</summary>
internal sealed record Replay(NodeProcess Bench, long BeganUnixMs, int Seconds) : IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);

    /// <summary>When a step of the plan begins.</summary>
    public long At(int step) => BeganUnixMs + (step * ReplayPlan.StepSeconds * 1000L);

    /// <summary>Waits for its end; the lines that sum it up.</summary>
    public async Task<string[]> EndAsync()
    {
        await Bench.WaitForExitAsync(TimeSpan.FromSeconds(Seconds) + EndPatience);
        var lines = new ToolResult(Bench.ExitCode, Bench.Output, Bench.Errors).Checked().Split('\n');
        return [.. lines.Where(line => line.Contains("operations in", StringComparison.Ordinal)
            || line.StartsWith("errors ", StringComparison.Ordinal))];
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();
}
