using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Foresight;

/// <summary>Keeps what the admin API said, each time it said something new.</summary>
internal sealed class ForesightWatch(AdminApi api)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Dictionary<int, long> _lastStep = [];
    private readonly Dictionary<string, long> _lastRound = [];

    /// <summary>One a shard and step.</summary>
    public List<ForecastView> Demand { get; } = [];

    /// <summary>One a node and round of the controller.</summary>
    public List<NodeForecastView> Outlooks { get; } = [];

    /// <summary>Times that nobody answered.</summary>
    public int Unanswered { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        using var pace = new PeriodicTimer(Pause);
        await using var registration = stop.Register(pace.Dispose);
        while (await pace.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                Keep(await api.ForecastsAsync(), await api.NodeForecastsAsync());
            }
            catch (IOException)
            {
                Unanswered++;
            }
        }
    }

    private void Keep(IReadOnlyList<ForecastView> forecasts, NodeForecastView[] outlooks)
    {
        Demand.AddRange(forecasts.Where(forecast => IsNew(_lastStep, forecast.Shard, forecast.StartUnixMs)));
        Outlooks.AddRange(outlooks.Where(outlook => IsNew(_lastRound, outlook.Node, outlook.StartUnixMs)));
    }

    private static bool IsNew<T>(Dictionary<T, long> last, T key, long at)
        where T : notnull
    {
        if (last.TryGetValue(key, out var known) && known >= at)
            return false;
        last[key] = at;
        return true;
    }
}
