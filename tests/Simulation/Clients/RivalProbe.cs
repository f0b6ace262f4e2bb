using System.Text;
using ShardStore.Resp;
using ShardStore.Simulation.Nodes;

namespace ShardStore.Simulation.Clients;

/// <summary>As soon as a shard has a new leader beside one that does not know it yet, a key is written at the new one
/// and read at the old one, again and again: the moment is too short for clients that come by chance.</summary>
public sealed class RivalProbe(
    SimulatedCluster cluster, OperationDraw draw, SimulatedClient writer, SimulatedClient reader)
{
    private const int RoundsMax = 60;
    private const long PauseMicrosMax = 8_000;
    private string _key = "";
    private int _oldNode;
    private int _newNode;
    private int _roundsLeft;

    public bool IsOver { get; set; }

    public void OnRivals(ulong group, int oldNode, int newNode)
    {
        var map = cluster.Node(newNode).Core!.Routing.Map;
        var key = draw.Registers.FirstOrDefault(name =>
            map.ShardOfSlot(HashSlot.Of(Encoding.ASCII.GetBytes(name)))?.Id == (int)group);
        if (IsOver || _roundsLeft > 0 || key is null)
            return;
        cluster.World.Counters.Count("old leaders asked");
        (_key, _oldNode, _newNode, _roundsLeft) = (key, oldNode, newNode, RoundsMax);
        Round();
    }

    private void Round()
    {
        if (IsOver || --_roundsLeft <= 0)
            return;
        if (writer.IsIdle)
            writer.DoAt(_newNode, draw.WriteTo(_key));
        if (reader.IsIdle)
            reader.DoAt(_oldNode, new Operation { Key = _key, Kind = OperationKind.Get });
        cluster.World.Events.After(cluster.World.Between(300, PauseMicrosMax), Round);
    }
}
