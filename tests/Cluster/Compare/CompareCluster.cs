using System.Globalization;
using ShardStore.Balancer;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>Node processes that balance when they are told to, and get no more CPU than their capacity.</summary>
internal sealed class CompareCluster : IAsyncDisposable
{
    public const int Replicas = 3;

    /// <summary>Longer than this machine pauses: an election would be mistaken for a move.</summary>
    private const int ElectionMs = 3_000;

    private static readonly TimeSpan ImportPatience = TimeSpan.FromSeconds(30);
    private static int s_made;
    private readonly ClusterProcess _cluster;
    private readonly List<CpuLimit> _limits = [];
    private readonly Lazy<Task> _end;

    private CompareCluster(ClusterProcess cluster)
    {
        _cluster = cluster;
        Api = new AdminApi(cluster.AdminPorts);
        NodeApis = [.. cluster.AdminPorts.Select(port => new AdminApi([port]))];
        _end = new Lazy<Task>(EndAsync);
    }

    /// <summary>Of whichever node answers.</summary>
    public AdminApi Api { get; }

    /// <summary>One a node.</summary>
    public IReadOnlyList<AdminApi> NodeApis { get; }

    public IReadOnlyList<string> Endpoints => _cluster.Endpoints;

    /// <summary>Fresh, its balancer off, the nodes taking turns in leading the shards, no limit yet.</summary>
    public static async Task<CompareCluster> StartAsync(CompareShape shape)
    {
        var cluster = new CompareCluster(await ClusterProcess.StartAsync(new ClusterShape
        {
            Nodes = shape.Nodes,
            Shards = shape.Shards,
            Replicas = Replicas,
            CapacityCores = shape.CapacityCores,
            More =
            [
                "--forecast-step-seconds", Text(shape.StepSeconds), "--forecast-season-steps", Text(shape.SeasonSteps),
                "--election-ms", Text(ElectionMs),
            ],
        }));
        try
        {
            await new LeaderLayout(cluster.Api, shard => $"n{((shard - 1) % shape.Nodes) + 1}").ReachAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on no node gets more than its capacity. Nothing happens where the kernel cannot do it.
    /// </summary>
    public void LimitCpu(double cores)
    {
        if (CpuLimit.Missing() is not null)
            return;
        for (var node = 0; node < _cluster.Count; node++)
        {
            var name = $"shardstore-compare-{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}";
            var limit = CpuLimit.Make(name);
            _limits.Add(limit);
            limit.Set(cores);
            limit.Add(_cluster[node].Id);
        }
    }

    /// <summary>Of all nodes since their limits were set.</summary>
    public double ThrottledSeconds => _limits.Sum(limit => limit.ThrottledSeconds);

    /// <summary>Of all shards together: it grows by one with every change of a leader.</summary>
    public async Task<long> TermsAsync() => (await Api.ShardsAsync()).Sum(shard => shard.LeaderTerm);

    public Task SetPolicyAsync(BalancingPolicy policy) => Api.SetPolicyAsync(PolicyDocument.Write(policy));

    public async Task ImportAsync(string history)
    {
        var file = Path.Combine(_cluster.Folder, "history.csv");
        await File.WriteAllTextAsync(file, history);
        var problem = "";
        await Waiting.UntilAsync(
            async () =>
            {
                // A node that still compiles may answer too late; what it took already it does not take twice.
                (var code, _, problem) = await NodeProcess.RunAsync(
                    "ctl", "series", "import", file, "--admin", $"http://127.0.0.1:{_cluster.AdminPorts[0]}");
                return code == 0;
            },
            ImportPatience, () => problem);
    }

    /// <summary>Asked for by the run at its end, and by the session when it is interrupted: then the run fails, and
    /// must not end the process before all nodes are gone.</summary>
    public ValueTask DisposeAsync() => new(_end.Value);

    private async Task EndAsync()
    {
        Api.Dispose();
        foreach (var api in NodeApis)
            api.Dispose();
        await _cluster.DisposeAsync();
        foreach (var limit in _limits)
            limit.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How a cluster is made. <paramref name="SeasonSteps"/>: steps after which load repeats itself.</summary>
internal sealed record CompareShape(int Nodes, int Shards, double CapacityCores, int StepSeconds, int SeasonSteps);
