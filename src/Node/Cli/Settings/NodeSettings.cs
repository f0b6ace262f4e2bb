using System.Net;
using static ShardStore.Node.Cli.Settings.SettingKinds;

namespace ShardStore.Node.Cli.Settings;

/// <summary>The table of a node's settings: name, unit, default, range and reason. Help text and docs come from it.
/// </summary>
public static class NodeSettings
{
    public static readonly Setting<string> Id = Name("id",
        "Name of this node: unique, stored with the data, never changed.");

    public static readonly Setting<string> Dir = Path("dir",
        "Directory of this node's data. One process at a time; made when it does not exist.");

    public static readonly Setting<IPEndPoint> Listen = Endpoint("listen", "127.0.0.1:7001",
        "Where Redis clients connect.");

    public static readonly Setting<IPEndPoint> PeerListen = Endpoint("peer-listen", "127.0.0.1:7101",
        "Where other nodes connect.");

    public static readonly Setting<IPEndPoint> AdminListen = Endpoint("admin-listen", "127.0.0.1:8001",
        "Where the admin API and the dashboard are served.");

    public static readonly Setting<string> AnnounceHost = Host("announce-host",
        "Host that clients are told to dial in redirects; behind NAT the one outside.")
        with
    { DefaultWords = "the listen address; the machine's name when that is a wildcard" };

    public static readonly Setting<int> AnnouncePort = Whole("announce-port", "port", 0, (1, 65535),
        "Port that clients are told to dial.")
        with
    { Default = null, DefaultWords = "the port of listen" };

    public static readonly Setting<int> AnnounceAdminPort = Whole("announce-admin-port", "port", 0, (1, 65535),
        "Port of the admin API as seen from outside.")
        with
    { Default = null, DefaultWords = "the port of admin-listen" };

    public static readonly Setting<string> PeerAnnounceHost = Host("peer-announce-host",
        "Host that other nodes are told to dial; in containers the service name, which clients do not know.")
        with
    { DefaultWords = "the peer-listen address; the machine's name when that is a wildcard" };

    public static readonly Setting<IReadOnlyList<HostPort>> Join = HostPorts("join",
        "Peer addresses of the founding nodes. The same list on all of them.");

    public static readonly Setting<HostPort> Enter = OneHostPort("enter",
        "Admin address of any member: enter that cluster, which exists already. Not with join.")
        with
    { DefaultWords = "none: a founding node" };

    // 48 divides evenly among 2, 3, 4, 6 and 8 nodes, and leaves each something to give away.
    public static readonly Setting<int> Shards = Whole("shards", "shards", 48, (1, 4096),
        "Shards of a new cluster. Counts only when it is founded.");

    // Three survive the loss of one; seven is where every write waits for too many disks.
    public static readonly Setting<int> Replicas = Whole("replicas", "copies", 3, (1, 7),
        "Copies of every shard of a new cluster.");

    public static readonly Setting<string> Zone = Name("zone",
        "Failure zone; copies of a shard are spread over zones.")
        with
    { Default = new Parsed<string>("default") };

    public static readonly Setting<double> CapacityCores = Number("capacity-cores", "cores", (0.05, 1024),
        "CPU this node may use. Utilization is a share of it.")
        with
    { DefaultWords = "all cores of the machine or container" };

    public static readonly Setting<int> MemoryMb = Whole("memory-mb", "MiB", 0, (16, 1_048_576),
        "Memory of all shard stores of this node together; what does not fit is read from disk.")
        with
    { Default = null, DefaultWords = "a quarter of the memory of the machine or container" };

    // Five minutes is the grid of most public load traces, and of the shipped model.
    public static readonly Setting<int> ForecastStepSeconds = Whole("forecast-step-seconds", "s", 300, (1, 86_400),
        "Width of one forecast step.");

    // A replay that runs faster than the clock has shorter days.
    public static readonly Setting<int> ForecastSeasonSteps = Whole("forecast-season-steps", "steps", 0, (1, 86_400),
        "Forecast steps after which load tends to repeat itself; 1 = it never does. The same on all nodes.")
        with
    { Default = null, DefaultWords = "a day" };

    public static readonly Setting<BalancerMode> Balancer = Choice("balancer", BalancerMode.Predictive,
        "Who decides on moves.");

    public static readonly Setting<string> Model = Path("model",
        "Forecast model (ONNX).")
        with
    { DefaultWords = "the one shipped with the program" };

    // Ten missed heartbeats: a slow disk or a busy machine must not look like a dead leader.
    public static readonly Setting<int> ElectionMs = Whole("election-ms", "ms", 1000, (100, 60_000),
        "Silence from a leader before an election.");

    public static readonly Setting<int> HeartbeatMs = Whole("heartbeat-ms", "ms", 100, (10, 10_000),
        "Time between a leader's signs of life; at most a third of election-ms.");

    // Bounds both the log to replay after a crash and the bytes rewritten for checkpoints.
    public static readonly Setting<int> CheckpointMb = Whole("checkpoint-mb", "MiB", 64, (1, 65_536),
        "Log written by a shard before its store is checkpointed.");

    // Four log segments: one may be made just before the refusal, and a quarter is left for votes and compaction.
    public static readonly Setting<int> DiskReserveMb = Whole("disk-reserve-mb", "MiB", 256, (128, 1_048_576),
        "Disk space kept free: with less, writes are refused, while reads and deletes go on.");

    // A terabyte in three days, and a tenth of what a slow disk reads in a second.
    public static readonly Setting<int> ScrubMbPerSecond = Whole("scrub-mb-per-second", "MiB/s", 4, (0, 1024),
        "How fast checkpoints and log are read again to find and repair what was damaged at rest; 0 = not at all.");

    public static readonly Setting<bool> AllowRemote = Flag("allow-remote",
        "Allow addresses that other machines can reach. No TLS and no password yet: only in a trusted network.");

    public static IReadOnlyList<Setting> All { get; } =
    [
        Id, Dir, Listen, PeerListen, AdminListen, AnnounceHost, AnnouncePort, AnnounceAdminPort, PeerAnnounceHost,
        Join, Enter, Shards, Replicas, Zone, CapacityCores, MemoryMb, ForecastStepSeconds, ForecastSeasonSteps,
        Balancer, Model, ElectionMs, HeartbeatMs, CheckpointMb, DiskReserveMb, ScrubMbPerSecond, AllowRemote,
    ];
}
