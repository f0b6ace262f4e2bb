using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>The CPU that the nodes publish of themselves, second by second, as the admin API tells it. Unit: share of
/// their capacity.</summary>
/// <param name="nodes">Each node's own API: seconds are known to whoever was the controller then, and to nobody
/// else.</param>
internal sealed class NodeUse(IReadOnlyList<AdminApi> nodes)
{
    /// <summary>Seldom, since to be asked costs a node as well; the API keeps two minutes of seconds.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(int Node, long Second), double> _shares = [];

    /// <summary>Reads until it is stopped; reading once more after that gets the last seconds.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var pace = new PeriodicTimer(Pause);
        await using var registration = stop.Register(pace.Dispose);
        while (await pace.WaitForNextTickAsync(CancellationToken.None))
            await ReadAsync();
    }

    /// <summary>A node that does not answer now does so the next time; what nobody told in the end is counted
    /// (<see cref="Silent"/>).</summary>
    public async Task ReadAsync()
    {
        foreach (var view in (await Task.WhenAll(nodes.Select(ReadAsync))).SelectMany(views => views))
            Add(view.Id, view.StartUnixMs / 1000, view.Values);
    }

    private static async Task<SeriesView[]> ReadAsync(AdminApi node)
    {
        try
        {
            return await node.SeriesAsync("kind=node&metric=cpuShare&step=1&points=60");
        }
        catch (IOException)
        {
            return [];
        }
    }

    public void Add(int node, long firstSecond, IReadOnlyList<double?> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is { } share)
                _shares[(node, firstSecond + i)] = share;
        }
    }

    /// <summary>Middle of a second and its neighbours: one alone is this machine's noise. Null where nothing was
    /// told.</summary>
    public double? At(int node, long second)
    {
        var near = Enumerable.Range(-1, 3).Select(off => _shares.TryGetValue((node, second + off), out var share)
                ? share : double.NaN)
            .Where(double.IsFinite).Order().ToArray();
        return near.Length > 0 ? near[(near.Length - 1) / 2] : null;
    }

    /// <summary>Node-seconds of a time in which a node used more than a share.</summary>
    public int Over(double share, int nodes, SecondRange range) => Enumerable.Range(1, nodes)
        .Sum(node => range.Seconds().Count(second => At(node, second) > share));

    /// <summary>Node-seconds of which nothing is known.</summary>
    public int Silent(int nodes, SecondRange range) => Enumerable.Range(1, nodes)
        .Sum(node => range.Seconds().Count(second => At(node, second) is null));

    /// <summary>NaN where nothing is known.</summary>
    public double Median(int node, SecondRange range)
    {
        var shares = range.Seconds().Select(second => At(node, second)).OfType<double>().Order().ToArray();
        return shares.Length > 0 ? shares[shares.Length / 2] : double.NaN;
    }
}

/// <summary>Unix seconds; the last one does not belong to it.</summary>
internal readonly record struct SecondRange(long From, long To)
{
    public IEnumerable<long> Seconds()
    {
        for (var second = From; second < To; second++)
            yield return second;
    }
}
