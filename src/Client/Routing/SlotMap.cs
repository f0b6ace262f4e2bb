using ShardStore.Resp;

namespace ShardStore.Client.Routing;

/// <summary>
/// Slot → route. A whole reading of the cluster replaces the map; a redirect replaces one slot's entry in place.
/// Entries are single references, written and read atomically, so readers need no lock. A patch that lands in a map
/// just being replaced is lost: the next command for that slot is redirected once more.
/// </summary>
internal sealed class SlotMap
{
    private readonly SlotRoute?[] _routes;

    internal SlotMap(SlotRoute?[] routes)
    {
        if (routes.Length != HashSlot.Count)
            throw new ArgumentException($"{routes.Length} routes given; {HashSlot.Count} are needed", nameof(routes));
        _routes = routes;
    }

    internal static SlotMap Empty { get; } = new(new SlotRoute?[HashSlot.Count]);

    internal long CreatedMs { get; } = Environment.TickCount64;

    /// <summary>Null when nobody is known to serve the slot.</summary>
    internal SlotRoute? RouteOf(int slot) => Volatile.Read(ref _routes[slot]);

    /// <summary>What a MOVED says holds at once, whatever becomes of the command that was redirected.</summary>
    internal void Patch(int slot, NodeAddress master)
    {
        if (RouteOf(slot) is { Weighted.Length: 0 } route && route.Master == master)
            return;
        Volatile.Write(ref _routes[slot], new SlotRoute(master, []));
    }

    /// <summary>Every node that serves slots, once each, in order of first slot.</summary>
    internal IReadOnlyList<NodeAddress> Masters()
    {
        var seen = new HashSet<NodeAddress>();
        var masters = new List<NodeAddress>();
        SlotRoute? last = null;
        for (var slot = 0; slot < _routes.Length; slot++)
        {
            var route = RouteOf(slot);
            if (route is not null && !ReferenceEquals(route, last) && seen.Add(route.Master))
                masters.Add(route.Master);
            last = route;
        }
        return masters;
    }
}
