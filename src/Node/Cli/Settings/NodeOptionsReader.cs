using System.Net;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Cli.Settings;

/// <summary>Makes <see cref="NodeOptions"/> from what was given, and refuses what does not go together.</summary>
public static class NodeOptionsReader
{
    private const int DaySeconds = 86_400;

    /// <param name="commandLine">Setting names without dashes, and their text.</param>
    /// <param name="environment">Looks up a variable; null when it is not set.</param>
    /// <param name="configPath">Null: no configuration file.</param>
    public static NodeOptions Read(
        IReadOnlyDictionary<string, string> commandLine, Func<string, string?> environment, string? configPath)
    {
        configPath ??= environment("SHARDSTORE_CONFIG") is { Length: > 0 } path ? path : null;
        var file = configPath is null ? null : ConfigFile.Read(configPath, NodeSettings.All);
        return Build(new SettingValues(commandLine, environment, file));
    }

    internal static NodeOptions Build(SettingValues values)
    {
        var listen = ListenAddress(values, NodeSettings.Listen);
        var peerListen = ListenAddress(values, NodeSettings.PeerListen);
        var adminListen = ListenAddress(values, NodeSettings.AdminListen);
        CheckApart(values, listen, peerListen, adminListen);
        return new NodeOptions
        {
            Id = values.Get(NodeSettings.Id),
            Dir = Path.GetFullPath(values.Get(NodeSettings.Dir)),
            Listen = listen,
            PeerListen = peerListen,
            AdminListen = adminListen,
            Announce = new HostPort(
                Announced(values, NodeSettings.AnnounceHost, listen),
                Given(values, NodeSettings.AnnouncePort) ?? listen.Port),
            AnnounceAdminPort = Given(values, NodeSettings.AnnounceAdminPort) ?? adminListen.Port,
            PeerAnnounce = new HostPort(
                Announced(values, NodeSettings.PeerAnnounceHost, peerListen), peerListen.Port),
            Join = values.Get(NodeSettings.Join),
            Enter = Entered(values),
            Shards = values.Get(NodeSettings.Shards),
            Replicas = values.Get(NodeSettings.Replicas),
            Zone = values.Get(NodeSettings.Zone),
            CapacityCores = values.TryGet(NodeSettings.CapacityCores, out var cores) ? cores : DefaultCores(),
            MemoryMb = Given(values, NodeSettings.MemoryMb) ?? DefaultMemoryMb(),
            ForecastStepSeconds = values.Get(NodeSettings.ForecastStepSeconds),
            ForecastSeasonSteps = SeasonSteps(values, values.Get(NodeSettings.ForecastStepSeconds)),
            Balancer = values.Get(NodeSettings.Balancer),
            ModelPath = values.TryGet(NodeSettings.Model, out var model) ? Path.GetFullPath(model) : null,
            ElectionMs = values.Get(NodeSettings.ElectionMs),
            HeartbeatMs = HeartbeatMs(values),
            CheckpointMb = values.Get(NodeSettings.CheckpointMb),
            DiskReserveMb = values.Get(NodeSettings.DiskReserveMb),
            ScrubMbPerSecond = values.Get(NodeSettings.ScrubMbPerSecond),
            AllowRemote = values.Get(NodeSettings.AllowRemote),
        };
    }

    private static HostPort? Entered(SettingValues values)
    {
        if (!values.TryGet(NodeSettings.Enter, out var member))
            return null;
        if (values.Get(NodeSettings.Join).Count > 0)
        {
            throw new UsageException(
                values.Refusal(NodeSettings.Enter, "not together with join, which founds a cluster"));
        }
        return member;
    }

    public static double DefaultCores() => NodeCapacity.CoresOf(CgroupLimits.Read());

    /// <summary>A quarter leaves room for the log cache, the runtime and the page cache.</summary>
    public static int DefaultMemoryMb()
    {
        var bytes = NodeCapacity.OfThisProcess(0).MemoryBytes / 4;
        return (int)Math.Clamp(bytes >> 20, 64, 65_536);
    }

    /// <summary>A day unless something else is given.</summary>
    internal static int SeasonSteps(SettingValues values, int stepSeconds) =>
        Given(values, NodeSettings.ForecastSeasonSteps) ?? (DaySeconds / stepSeconds);

    private static IPEndPoint ListenAddress(SettingValues values, Setting<IPEndPoint> setting)
    {
        var endpoint = values.Get(setting);
        if (!IPAddress.IsLoopback(endpoint.Address) && !values.Get(NodeSettings.AllowRemote))
            throw new UsageException(values.Refusal(setting,
                "other machines could connect, and there is no TLS or password yet; "
                + "use a loopback address such as 127.0.0.1, or --allow-remote in a trusted network"));
        return endpoint;
    }

    private static void CheckApart(SettingValues values, IPEndPoint listen, IPEndPoint peer, IPEndPoint admin)
    {
        if (peer.Equals(listen))
            throw new UsageException(values.Refusal(NodeSettings.PeerListen, $"must differ from --listen {listen}"));
        if (admin.Equals(listen) || admin.Equals(peer))
            throw new UsageException(values.Refusal(
                NodeSettings.AdminListen, $"must differ from --listen {listen} and --peer-listen {peer}"));
    }

    private static string Announced(SettingValues values, Setting<string> setting, IPEndPoint listen)
    {
        if (values.TryGet(setting, out var host))
            return host;
        var isWildcard = listen.Address.Equals(IPAddress.Any) || listen.Address.Equals(IPAddress.IPv6Any);
        return isWildcard ? Dns.GetHostName() : listen.Address.ToString();
    }

    private static int HeartbeatMs(SettingValues values)
    {
        var heartbeatMs = values.Get(NodeSettings.HeartbeatMs);
        var electionMs = values.Get(NodeSettings.ElectionMs);
        return heartbeatMs * 3 <= electionMs
            ? heartbeatMs
            : throw new UsageException(values.Refusal(
                NodeSettings.HeartbeatMs, $"must be at most a third of --election-ms {electionMs}"));
    }

    private static int? Given(SettingValues values, Setting<int> setting) =>
        values.TryGet(setting, out var value) ? value : null;
}
