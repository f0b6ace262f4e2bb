using System.Text;
using ShardStore.Resp;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Clients;

/// <summary>Writes a key at one node and reads it at others, again and again for a moment that is too short for clients
/// that come by chance: a new leader beside one that does not know it yet, the first reads of a new leader, a leader
/// that is behind its followers.</summary>
public sealed class KeyProbe(
    SimulatedCluster cluster, OperationDraw draw, SimulatedClient writer, SimulatedClient reader)
{
    private const int RoundsMax = 60;
    private const long PauseMicrosMax = 8_000;
    private string _key = "";
    private int _writeAt;
    private IReadOnlyList<Place> _readAt = [];
    private int _nextPlace;
    private int _roundsLeft;

    /// <summary>Where to read; <paramref name="OnlyUnderLease"/>: while the node answers without asking others.
    /// </summary>
    public readonly record struct Place(int Node, bool FromReplica, bool OnlyUnderLease);

    public bool IsOver { get; set; }

    /// <summary>A register that a group holds, as a node sees it.</summary>
    public string? KeyOf(ulong group, SimulatedNode node)
    {
        var map = node.Core!.Routing.Map;
        return draw.Registers.FirstOrDefault(name =>
            map.ShardOfSlot(HashSlot.Of(Encoding.ASCII.GetBytes(name)))?.Id == (int)group);
    }

    public void OnRivals(ulong group, int oldNode, int newNode)
    {
        if (IsOver || _roundsLeft > 0 || KeyOf(group, cluster.Node(newNode)) is not { } key)
            return;
        cluster.World.Counters.Count("old leaders asked");
        WriteAndRead(key, newNode, [new Place(oldNode, FromReplica: false, OnlyUnderLease: false)]);
    }

    public void Read(string key, IReadOnlyList<Place> places) => WriteAndRead(key, 0, places);

    public void WriteAndRead(string key, int writeAt, IReadOnlyList<Place> places)
    {
        var isRunning = _roundsLeft > 0;
        (_key, _writeAt, _readAt, _nextPlace, _roundsLeft) = (key, writeAt, places, 0, RoundsMax);
        if (!isRunning)
            Round();
    }

    private void Round()
    {
        if (IsOver || --_roundsLeft <= 0)
            return;
        if (_writeAt > 0 && writer.IsIdle)
            writer.DoAt(_writeAt, draw.WriteTo(_key));
        if (reader.IsIdle)
            ReadAtNext();
        cluster.World.Events.After(cluster.World.Between(300, PauseMicrosMax), Round);
    }

    private void ReadAtNext()
    {
        var place = _readAt[_nextPlace];
        if (place.OnlyUnderLease && !HoldsLease(cluster.Node(place.Node)))
            return;
        _nextPlace = (_nextPlace + 1) % _readAt.Count;
        reader.DoAt(
            place.Node, new Operation { Key = _key, Kind = OperationKind.Get, FromReplica = place.FromReplica });
    }

    private bool HoldsLease(SimulatedNode node)
    {
        var shard = node.Core?.Routing.Map.ShardOfSlot(HashSlot.Of(Encoding.ASCII.GetBytes(_key)));
        return shard is not null && node.Core!.Host.Group((ulong)shard.Id) is { } group
            && group.Raft.HoldsLease(node.Clock.Reading);
    }
}
