using ShardStore.Node.Placement;
using ShardStore.Node.Replication;
using ShardStore.Storage;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Scrubbing;

/// <summary>All that has to do with damage at rest, put together: who looks for it, who repairs it, and who tells of
/// it. Owned by the loop.</summary>
public sealed class ScrubPart
{
    /// <summary>Kind of the events that tell of damage.</summary>
    public const string DamageKind = "damage";
    private const string RepairKind = "repair";
    private readonly ReplicaHost _host;
    private readonly MetaGroup _meta;
    private readonly Scrubber _scrubber;
    private readonly StoreRepair _stores;
    private readonly LogRepair _log;
    private readonly Teller _teller;
    private long _found;
    private long _repaired;

    public ScrubPart(ReplicaHost host, MetaGroup meta, ControlPlane control, Action<ReplicaGroup, int> handOver)
    {
        _host = host;
        _meta = meta;
        _scrubber = new Scrubber(host);
        _stores = new StoreRepair(host, control, handOver);
        _log = new LogRepair(host);
        _teller = new Teller(meta);
        host.Damage.Found += OnFound;
        host.Damage.Repaired += OnRepaired;
        _stores.Hopeless += OnHopeless;
        _log.Found += OnFound;
        _log.Repaired += OnRepaired;
    }

    /// <summary>On the loop: damage was found; the event's text.</summary>
    public event Action<string>? FoundDamage;

    /// <summary>On the loop: damage was repaired; the event's text.</summary>
    public event Action<string>? RepairedDamage;

    public ScrubFigures Figures => new()
    {
        BytesRead = _scrubber.BytesRead,
        Passes = _scrubber.Passes,
        PassAgeMs = _scrubber.PassAgeMs,
        Found = _found,
        Repaired = _repaired,
        Open = _host.Damage.StoresNow + _host.Log.Damage.Count,
    };

    private string Here =>
        _meta.State.Nodes.GetValueOrDefault(_host.Options.Node)?.Name ?? $"node {_host.Options.Node}";

    public void Tick(long nowMicros)
    {
        _scrubber.Tick(nowMicros);
        foreach (var group in _host.Groups)
        {
            if (group.Machine.Store.Damage is { } damage)
                _host.Damage.Report(group, damage);
        }
        _log.Tick(nowMicros);
        _stores.Tick(nowMicros);
        _teller.Tick(nowMicros);
    }

    private void OnFound(ReplicaGroup group, StoreDamage damage)
    {
        _found++;
        var what = $"{Here}: {NameOf(group)}: {damage.Failure.Message}; the replica is fetched anew from a peer";
        _teller.Tell(DamageKind, what);
        FoundDamage?.Invoke(what);
    }

    private void OnFound(LogDamage damage)
    {
        _found++;
        var what = $"{Here}: the log: {damage.Failure.Message}; what is live is moved away from it";
        _teller.Tell(DamageKind, what);
        FoundDamage?.Invoke(what);
    }

    private void OnHopeless(ReplicaGroup group)
    {
        var what = $"{Here}: {NameOf(group)} has no other copy and cannot be repaired; restore it from a backup";
        _teller.Tell(DamageKind, what);
        FoundDamage?.Invoke(what);
    }

    private void OnRepaired(ReplicaGroup group, StoreDamage damage, bool? hasEqualContent)
    {
        _repaired++;
        var content = hasEqualContent switch
        {
            true => ", with equal content",
            false => "; its content is another: reads at this replica may have been wrong while it was damaged",
            null => "",
        };
        var what = $"{Here}: {NameOf(group)}: replaced by a copy from a peer, at index {group.Raft.AppliedIndex}"
            + content;
        _teller.Tell(RepairKind, what);
        RepairedDamage?.Invoke(what);
    }

    private void OnRepaired(LogDamage damage)
    {
        _repaired++;
        var what = $"{Here}: the log: {damage.Failure.File} is given up, nothing that was live is lost";
        _teller.Tell(RepairKind, what);
        RepairedDamage?.Invoke(what);
    }

    private static string NameOf(ReplicaGroup group) =>
        group.Id == ClusterFounding.MetaGroup ? "the meta group" : $"shard {group.Id}";
}
