using ShardStore.Client.Routing;

namespace ShardStore.Client.Requests;

/// <summary>
/// Runs many calls at once, with a bound on those in flight. They start in order of their node, so the commands of
/// one node are encoded side by side and leave in the same packets; each has its own outcome, so one slow or dead
/// node costs only its own keys.
/// </summary>
internal sealed class BatchRunner(ClusterTopology topology)
{
    /// <summary>Calls of one batch in flight. 512 fills the pipe of a few nodes and leaves half of the default lanes
    /// to others.</summary>
    private const int InFlightMax = 512;

    internal async Task<T[]> RunAsync<T>(int count, Func<int, int> slotOf, Func<int, ValueTask<T>> runOne)
    {
        var outcomes = new T[count];
        var order = OrderByNode(count, slotOf);
        var next = -1;
        var flows = new Task[Math.Min(count, InFlightMax)];
        for (var i = 0; i < flows.Length; i++)
            flows[i] = FlowAsync();
        await Task.WhenAll(flows).ConfigureAwait(false);
        return outcomes;

        async Task FlowAsync()
        {
            int turn;
            while ((turn = Interlocked.Increment(ref next)) < count)
                outcomes[order[turn]] = await runOne(order[turn]).ConfigureAwait(false);
        }
    }

    private int[] OrderByNode(int count, Func<int, int> slotOf)
    {
        var map = topology.Map;
        var rankOf = map.Masters().Select((node, rank) => (node, rank)).ToDictionary(p => p.node, p => p.rank);
        var ranks = new int[count];
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
            ranks[i] = map.RouteOf(slotOf(i)) is { } route ? rankOf.GetValueOrDefault(route.Master, -1) : -1;
        }
        Array.Sort(ranks, order);
        return order;
    }
}
