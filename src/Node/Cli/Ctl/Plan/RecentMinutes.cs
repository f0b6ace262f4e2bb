using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Node.Cli.Ctl.Plan;

/// <summary>One measure of all nodes or shards over the last hour, minute by minute: what a second alone does not say.
/// </summary>
internal sealed class RecentMinutes
{
    private const int Points = 60;

    private readonly Dictionary<int, Dictionary<long, double>> _byId = [];

    private RecentMinutes()
    {
    }

    /// <summary>The minutes that are known of anyone, oldest first; a minute is the width of a step where the cluster
    /// keeps such.</summary>
    public IEnumerable<long> Buckets => _byId.Values.SelectMany(values => values.Keys).Distinct().Order();

    public static async Task<RecentMinutes> ReadAsync(
        AdminClient client, string kind, string metric, CancellationToken stop)
    {
        var read = new RecentMinutes();
        var views = await client.GetAsync(
            $"series?kind={kind}&metric={metric}&points={Points}", AdminJson.Default.IReadOnlyListSeriesView, stop);
        foreach (var view in views)
        {
            var first = view.StartUnixMs / (1000L * view.StepSeconds);
            var values = new Dictionary<long, double>();
            for (var i = 0; i < view.Values.Count; i++)
            {
                if (view.Values[i] is { } value)
                    values[first + i] = value;
            }
            read._byId[view.Id] = values;
        }
        return read;
    }

    /// <summary>Null where nothing was measured then.</summary>
    public double? At(int id, long bucket) =>
        _byId.TryGetValue(id, out var values) && values.TryGetValue(bucket, out var value) ? value : null;

    /// <summary>Null where nothing was measured at all.</summary>
    public double? Mean(int id) =>
        _byId.TryGetValue(id, out var values) && values.Count > 0 ? values.Values.Average() : null;
}
