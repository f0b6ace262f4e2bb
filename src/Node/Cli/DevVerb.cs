using System.CommandLine;
using ShardStore.Node.Cli.Settings;
using static ShardStore.Node.Cli.Settings.SettingKinds;

namespace ShardStore.Node.Cli;

/// <summary>`dev`: a whole cluster on this machine.</summary>
internal static class DevVerb
{
    /// <summary>Peers talk on the client port plus this, as in the examples of `node`.</summary>
    public const int PeerPortOffset = 100;

    private const int ReplicasUsual = 3;

    private static readonly Setting<int> Nodes = Whole("nodes", "nodes", 3, (1, 32), "Nodes to run.");

    private static readonly Setting<int> Replicas = NodeSettings.Replicas
        with
    { Default = null, DefaultWords = "3, or as many as there are nodes" };

    private static readonly Setting<string> Dir = SettingKinds.Path("dir", "Directory for the nodes' data.")
        with
    { DefaultWords = "a fresh temporary folder, deleted at the end" };

    private static readonly Setting<int> Port = Whole("port", "port", 7001, (1, 65_400),
        "Port of the first node for clients; the others follow.");

    private static readonly Setting<int> AdminPort = Whole("admin-port", "port", 8001, (1, 65_500),
        "Port of the first node's admin API and dashboard; the others follow.");

    private static readonly Setting<bool> Processes = Flag("processes",
        "One process a node, instead of all nodes in this one.");

    // Five minutes a step are right for a day's work, but nobody tries a program for hours to see it forecast.
    private static readonly Setting<int> ForecastStep = NodeSettings.ForecastStepSeconds
        with
    { Default = new Parsed<int>(10) };

    public static Command Build(IHosts hosts, Func<string, string?> environment)
    {
        var verb = new Command("dev", "Run a whole cluster on this machine, to try and to develop against.");
        var options = new SettingOptions(verb,
        [
            Nodes, NodeSettings.Shards, Replicas, Dir, Port, AdminPort, Processes, NodeSettings.Balancer,
            ForecastStep, NodeSettings.ForecastSeasonSteps, NodeSettings.CapacityCores, NodeSettings.MemoryMb,
            NodeSettings.ElectionMs, NodeSettings.HeartbeatMs, NodeSettings.CheckpointMb,
        ]);
        verb.SetAction((parsed, stop) => hosts.RunDevAsync(
            Read(new SettingValues(options.Given(parsed), environment, file: null)), stop));
        return verb;
    }

    private static DevOptions Read(SettingValues values)
    {
        var nodes = values.Get(Nodes);
        var options = new DevOptions
        {
            Nodes = nodes,
            Shards = values.Get(NodeSettings.Shards),
            Replicas = values.TryGet(Replicas, out var replicas) ? replicas : Math.Min(ReplicasUsual, nodes),
            Dir = values.TryGet(Dir, out var dir) ? System.IO.Path.GetFullPath(dir) : null,
            Port = values.Get(Port),
            AdminPort = values.Get(AdminPort),
            Processes = values.Get(Processes),
            Balancer = values.Get(NodeSettings.Balancer),
            ForecastStepSeconds = values.Get(ForecastStep),
            ForecastSeasonSteps = NodeOptionsReader.SeasonSteps(values, values.Get(ForecastStep)),
            CapacityCores = values.TryGet(NodeSettings.CapacityCores, out var cores)
                ? cores
                : NodeOptionsReader.DefaultCores() / nodes,
            MemoryMb = values.TryGet(NodeSettings.MemoryMb, out var memoryMb)
                ? memoryMb
                : Math.Max(16, NodeOptionsReader.DefaultMemoryMb() / nodes),
            ElectionMs = values.Get(NodeSettings.ElectionMs),
            HeartbeatMs = values.Get(NodeSettings.HeartbeatMs),
            CheckpointMb = values.Get(NodeSettings.CheckpointMb),
        };
        if (options.Replicas > nodes)
            throw new UsageException(values.Refusal(
                Replicas, $"must be at most --nodes {nodes}: a node holds one copy of a shard"));
        CheckPortsApart(values, AdminPort, (nodes, options.Port, options.AdminPort));
        return options;
    }

    /// <summary>Refuses an admin port among those that the nodes themselves use.</summary>
    internal static void CheckPortsApart(
        SettingValues values, Setting adminPort, (int Nodes, int Port, int AdminPort) given)
    {
        var ends = given.AdminPort + given.Nodes;
        foreach (var first in new[] { given.Port, given.Port + PeerPortOffset })
        {
            if (given.AdminPort < first + given.Nodes && first < ends)
                throw new UsageException(values.Refusal(adminPort,
                    $"must leave room for {given.Nodes} ports from {first}, which the nodes themselves use"));
        }
    }
}
