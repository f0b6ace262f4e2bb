using System.Reflection;
using ShardStore.Balancer;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Routing;

namespace ShardStore.Node.Admin.Views;

/// <summary>The cluster in one document, and whether it is well.</summary>
internal static class ClusterViews
{
    private const int ReasonsMax = 10;

    public static string Version { get; } = typeof(ClusterViews).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static ClusterView Of(ClusterReading reading, BalancingPolicy defaults, int alerts)
    {
        var view = reading.View;
        var map = view.Map;
        var unserved = map.Shards.Where(shard => IsUnserved(reading, shard)).ToArray();
        var reasons = Reasons(reading, unserved);
        var up = view.Nodes.Where(node => !reading.IsDown(node.Number)).ToArray();
        var policy = view.Policy is { } set ? PolicyDocument.Parse(set.Json) : defaults;
        return new ClusterView
        {
            ClusterId = map.ClusterId,
            Version = Version,
            Node = reading.NameOf(reading.SelfNode),
            State = map.Shards.IsEmpty || unserved.Length > 0 ? "unavailable" : reasons.Count > 0 ? "degraded" : "ok",
            Reasons = reasons,
            MapEpoch = map.Epoch,
            MetaLeader = view.LeaderNode == 0 ? null : reading.NameOf(view.LeaderNode),
            NodeCount = view.Nodes.Length,
            NodesUp = up.Length,
            ShardCount = map.Shards.Length,
            ShardsWithoutLeader = unserved.Length,
            ReplicasPerShard = view.Shards.Select(shard => shard.Founders.Length).DefaultIfEmpty().Max(),
            MigrationsRunning = view.Active.Count(),
            AlertsActive = alerts,
            BalancerMode = Words.Camel(policy.Mode.ToString()),
            PolicyVersion = view.Policy?.Version ?? 0,
            ForecastStepSeconds = reading.ForecastStepSeconds,
            ForecastSeasonSteps = reading.ForecastSeasonSteps,
            OpsPerSecond = up.Sum(node => (double)(reading.Known(node.Number)?.Utilization.OpsPerSecond ?? 0)),
            StoredBytes = up.Sum(node => (long)(reading.Known(node.Number)?.Utilization.StoredBytes ?? 0)),
            UnixMs = reading.UnixMs,
        };
    }

    public static bool IsUnserved(ClusterReading reading, ShardEntry shard) =>
        shard.LeaderNode == 0 || reading.IsDown(shard.LeaderNode);

    private static List<string> Reasons(ClusterReading reading, ShardEntry[] unserved)
    {
        var reasons = new List<string>();
        if (reading.View.Map.Shards.IsEmpty)
            reasons.Add("the cluster is not founded yet: its founding members must reach each other");
        if (reading.View.LeaderNode == 0)
            reasons.Add("the meta group has no leader");
        reasons.AddRange(reading.View.Nodes
            .Where(node => reading.IsDown(node.Number))
            .Select(node => $"{node.Name} is down"));
        reasons.AddRange(unserved.Select(shard => $"shard {shard.Id} has no leader that can be reached"));
        reasons.AddRange(reading.View.Shards
            .Where(shard => shard.Replicas.Count(replica => replica.IsVoter) < shard.Founders.Length)
            .Select(shard => $"shard {shard.Id} has fewer copies than it should"));
        if (reasons.Count <= ReasonsMax)
            return reasons;
        var more = reasons.Count - ReasonsMax + 1;
        return [.. reasons.Take(ReasonsMax - 1), $"and {more} more"];
    }
}
