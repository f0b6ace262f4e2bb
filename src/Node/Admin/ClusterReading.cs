using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin;

/// <summary>The cluster as this node knows it at the moment of one request: the meta group's state, and the latest
/// samples beside it.</summary>
internal sealed class ClusterReading
{
    private readonly IAdminSource _source;
    private readonly Dictionary<int, KnownNode> _known;
    private readonly Dictionary<int, NodeRecord> _byNumber;

    public ClusterReading(IAdminSource source, MetaView view)
    {
        _source = source;
        View = view;
        NowMs = source.Clock.MonotonicMicros / 1000;
        UnixMs = source.Clock.WallMs;
        _known = source.Telemetry.Nodes().ToDictionary(known => known.Utilization.Node);
        _byNumber = view.Nodes.ToDictionary(node => node.Number);
    }

    public MetaView View { get; }

    /// <summary>Monotonic, as the ages of samples count.</summary>
    public long NowMs { get; }

    public long UnixMs { get; }

    public int SelfNode => _source.SelfNode;

    public int ForecastStepSeconds => _source.Loads.StepSeconds;

    public int ForecastSeasonSteps => _source.Options.ForecastSeasonSteps;

    public IEnumerable<string> NodeNames => View.Nodes.Select(node => node.Name);

    public KnownNode? Known(int node) => _known.GetValueOrDefault(node);

    public NodeRecord? Find(string name) => View.Nodes.FirstOrDefault(node => node.Name == name);

    public NodeRecord? Find(int number) => _byNumber.GetValueOrDefault(number);

    /// <summary>A founding member is known by its number before it has reported its name.</summary>
    public string NameOf(int number) => Find(number)?.Name ?? $"node-{number}";

    /// <summary>No sample for too long. A node that has just started itself gives the others time to be heard.
    /// </summary>
    public bool IsDown(int node)
    {
        if (node == SelfNode)
            return false;
        var silentMs = Known(node)?.AgeMs(NowMs) ?? NowMs - _source.StartedMs;
        return silentMs > SnapshotBuilder.DownAfterMs;
    }

    /// <summary>How long a node that is down has been silent.</summary>
    public long SilentMs(int node) => Known(node)?.AgeMs(NowMs) ?? NowMs - _source.StartedMs;
}
