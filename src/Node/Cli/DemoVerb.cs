using System.CommandLine;
using ShardStore.Node.Cli.Settings;
using ShardStore.Node.Demo;
using static ShardStore.Node.Cli.Settings.SettingKinds;

namespace ShardStore.Node.Cli;

/// <summary>`demo`: the same load twice, to see what foresight is worth.</summary>
internal static class DemoVerb
{
    private static readonly Setting<int> Nodes = Whole("nodes", "nodes", 5, (2, 16),
        "Nodes to run. With as many as replicas only leaderships can move.");

    private static readonly Setting<int> Replicas = Whole("replicas", "copies", 3, (1, 7), "Copies of every shard.");

    private static readonly Setting<int> Shards = Whole("shards", "shards", 0, (2, 256),
        "Shards; a trace of several columns says itself how many.")
        with
    { Default = null, DefaultWords = "four a node" };

    private static readonly Setting<string> Trace = SettingKinds.Path("trace",
        "Trace to replay: CSV with a column 'timestamp' (seconds, evenly spaced) and one or more columns of demand.")
        with
    { DefaultWords = "a generated one: day curve, growth, flash crowd" };

    private static readonly Setting<double> Speed = Number("speed", "factor", (0.001, 100_000),
        "Trace seconds per real second; a step of the trace must last 1 to 60 whole seconds.")
        with
    { DefaultWords = "what makes a step 5 s: 60 for a trace in five-minute steps" };

    private static readonly Setting<int> Seconds = Whole("seconds", "s", 100, (10, 3600),
        "Length of each of the two replays; calibrating and forming come on top.");

    private static readonly Setting<int> Port = Whole("port", "port", 7401, (1, 65_400),
        "Port of the first node for clients; the others follow.");

    private static readonly Setting<int> AdminPort = Whole("admin-port", "port", 8401, (1, 65_500),
        "Port of the first node's admin API; the others follow.");

    private static readonly Setting<bool> Json = Flag("json", "Print one JSON document, and no progress.");

    public static Command Build(IHosts hosts, Func<string, string?> environment)
    {
        var verb = new Command("demo",
            "Replay a load twice on nodes of this machine, balanced reactively and then predictively, and compare.");
        var options = new SettingOptions(verb,
            [Nodes, Replicas, Shards, Trace, Speed, Seconds, Port, AdminPort, Json]);
        verb.SetAction((parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), environment, file: null);
            return hosts.RunDemoAsync(Read(values), parsed.InvocationConfiguration.Output, stop);
        });
        return verb;
    }

    private static DemoOptions Read(SettingValues values)
    {
        var options = new DemoOptions
        {
            Nodes = values.Get(Nodes),
            Replicas = values.Get(Replicas),
            Shards = values.TryGet(Shards, out var shards) ? shards : null,
            TracePath = values.TryGet(Trace, out var trace) ? trace : null,
            Speed = values.TryGet(Speed, out var speed) ? speed : null,
            Seconds = values.Get(Seconds),
            Port = values.Get(Port),
            AdminPort = values.Get(AdminPort),
            Json = values.Get(Json),
        };
        if (options.Replicas > options.Nodes)
            throw new UsageException(values.Refusal(
                Replicas, $"must be at most --nodes {options.Nodes}: a node holds one copy of a shard"));
        DevVerb.CheckPortsApart(values, AdminPort, (options.Nodes, options.Port, options.AdminPort));
        return options;
    }
}
