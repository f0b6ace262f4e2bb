using ShardStore.Node.Admin.Contracts;
using Spectre.Console;
using static ShardStore.Node.Cli.Ctl.Screen;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>The views that show what the cluster is; those of moves stand in <see cref="MoveViews"/>, those of what
/// is coming in <see cref="ForecastViews"/>.</summary>
internal static class CtlViews
{
    public static CtlView Status { get; } = new(
        "status", "How the cluster is. Exit code 1 when some slots cannot be served.", "cluster", DrawStatus)
    {
        Judge = (client, json) => client.Parse(json, AdminJson.Default.ClusterView).State == "unavailable"
            ? ExitCode.Failed
            : ExitCode.Done,
    };

    public static IReadOnlyList<CtlView> All { get; } =
    [
        Status,
        new("nodes", "Members, their utilization and how old it is.", "nodes", DrawNodes),
        new("shards", "Shards: slots, leader, copies, demand.", "shards", DrawShards),
        new("migrations", "Moves, running and ended.", "migrations", MoveViews.DrawMigrations),
        new("recommendations", "Ranked moves with their reasons.", "recommendations", MoveViews.DrawRecommendations),
        new("outcomes", "Recommendations that ended, and whether they helped.", "recommendations/history",
            OutcomeViews.Draw),
        new("costs", "What demand costs a node's CPU, and how sure that is.", "costs", CostViews.Draw),
        new("alerts", "What is wrong now.", "alerts", DrawAlerts),
        new("events", "What happened, oldest first.", "events", DrawEvents),
    ];

    private static void DrawStatus(AdminClient client, string json, IAnsiConsole screen)
    {
        var cluster = client.Parse(json, AdminJson.Default.ClusterView);
        var table = Table("what", "value");
        table.Row(Text("cluster"), Text(cluster.ClusterId));
        table.Row(Text("state"), Text(cluster.State, StyleOf(cluster.State)));
        foreach (var reason in cluster.Reasons)
            table.Row(Text(""), Text(reason));
        table.Row(Text("nodes"), Text($"{cluster.NodesUp} of {cluster.NodeCount} up"));
        table.Row(Text("shards"), Text(
            $"{cluster.ShardCount}, {cluster.ReplicasPerShard} copies, {cluster.ShardsWithoutLeader} without leader"));
        table.Row(Text("controller"), Text(cluster.MetaLeader));
        table.Row(Text("balancer"), Text($"{cluster.BalancerMode}, policy {cluster.PolicyVersion}"));
        table.Row(Text("migrations"), Text($"{cluster.MigrationsRunning} running"));
        table.Row(Text("alerts"), Text($"{cluster.AlertsActive}", cluster.AlertsActive > 0 ? "yellow" : ""));
        table.Row(Text("demand"), Text(Quantity.Rate(cluster.OpsPerSecond)));
        table.Row(Text("stored"), Text(Quantity.Bytes(cluster.StoredBytes)));
        table.Row(Text("map epoch"), Text($"{cluster.MapEpoch}"));
        table.Row(Text("seen by"), Text($"{cluster.Node}, version {cluster.Version}"));
        table.HideHeaders();
        screen.Write(table);
    }

    private static void DrawNodes(AdminClient client, string json, IAnsiConsole screen)
    {
        var table = Table("node", "state", "clients", "zone", "cores>", "cpu>", "shards>", "memory>", "disk out>",
            "net in>", "net out>", "fsync p99>", "ops>", "p99>", "leads>", "copies>", "age>", "frames>");
        foreach (var node in client.Parse(json, AdminJson.Default.IReadOnlyListNodeView))
        {
            var load = node.Utilization;
            table.Row(
                Text(node.IsMetaLeader ? node.Name + "*" : node.Name), Text(node.State, StyleOf(node.State)),
                Text($"{node.Host}:{node.Port}"), Text(node.Zone), Text(Quantity.Number(node.CapacityCores)),
                Text(Of(load?.CpuShare, Quantity.Share)), Text(Of(load?.CpuAttributedShare, Quantity.Share)),
                Text(Of(load?.MemoryBytes, Quantity.Bytes)), Text(Of(load?.DiskWriteBytesPerSecond, Quantity.Bytes)),
                Text(Of(load?.NetworkInBytesPerSecond, Quantity.Bytes)),
                Text(Of(load?.NetworkOutBytesPerSecond, Quantity.Bytes)), Text(Of(load?.FsyncMsP99, Quantity.Ms)),
                Text(Of(load?.OpsPerSecond, Quantity.Rate)), Text(Of(load?.RequestMsP99, Quantity.Ms)),
                Text($"{node.ShardsLed}"), Text($"{node.ReplicasHeld}"),
                Text(Of(load?.AgeMs, ageMs => Quantity.Seconds(ageMs / 1000))), Text($"{node.InConsensusFrames}"));
        }
        screen.Write(table);
    }

    private static void DrawShards(AdminClient client, string json, IAnsiConsole screen)
    {
        var table = Table("shard>", "slots", "leader", "term>", "copies", "reads>", "writes>", "bytes in>",
            "bytes out>", "cores>", "p99>", "size>", "moving>");
        foreach (var shard in client.Parse(json, AdminJson.Default.IReadOnlyListShardView))
        {
            var demand = shard.Demand;
            table.Row(
                Text($"{shard.Id}"), Text($"{shard.FirstSlot}-{shard.LastSlot}"),
                Text(shard.Leader ?? "none", shard.Leader is null ? "red" : ""), Text($"{shard.LeaderTerm}"),
                Text(string.Join(',', shard.Replicas.Select(copy => copy.IsVoter ? copy.Node : copy.Node + "?"))),
                Text(Of(demand?.ReadsPerSecond, Quantity.Rate)), Text(Of(demand?.WritesPerSecond, Quantity.Rate)),
                Text(Of(demand?.BytesInPerSecond, Quantity.Bytes)), Text(Of(demand?.BytesOutPerSecond, Quantity.Bytes)),
                Text(Of(demand?.CpuCores, Quantity.Number)), Text(Of(demand?.RequestMsP99, Quantity.Ms)),
                Text(Of(demand?.SizeBytes, Quantity.Bytes)), Text(shard.MigrationId?.ToString()));
        }
        screen.Write(table);
    }

    private static void DrawAlerts(AdminClient client, string json, IAnsiConsole screen)
    {
        var alerts = client.Parse(json, AdminJson.Default.IReadOnlyListAlertView);
        if (alerts.Count == 0)
        {
            screen.WriteLine("no alerts");
            return;
        }
        var table = Table("since", "severity", "kind", "node", "shard>", "text");
        foreach (var alert in alerts)
            table.Row(Text(Quantity.Time(alert.SinceUnixMs)), Text(alert.Severity, StyleOf(alert.Severity)),
                Text(alert.Kind), Text(alert.Node), Text(alert.Shard?.ToString()), Text(alert.Text));
        screen.Write(table);
    }

    private static void DrawEvents(AdminClient client, string json, IAnsiConsole screen)
    {
        var table = Table("number>", "time", "severity", "kind", "text");
        foreach (var happened in client.Parse(json, AdminJson.Default.IReadOnlyListEventView))
            table.Row(Text($"{happened.Sequence}"), Text(Quantity.Time(happened.UnixMs)),
                Text(happened.Severity, StyleOf(happened.Severity)), Text(happened.Kind), Text(happened.Text));
        screen.Write(table);
    }

    private static string Of(double? value, Func<double, string> format) => value is { } known ? format(known) : "-";

    private static string StyleOf(string word) => word switch
    {
        "ok" or "active" => "green",
        "degraded" or "draining" or "warning" => "yellow",
        "unavailable" or "down" or "error" => "red",
        _ => "",
    };
}
