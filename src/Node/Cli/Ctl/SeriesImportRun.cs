using System.Globalization;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Bench;
using ShardStore.Node.Cli.Settings;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Checks a trace against the cluster as a whole, then hands it over shard by shard. Interrupted or failed in
/// between, the same command again adds the rest.</summary>
internal sealed class SeriesImportRun(AdminClient client, LoadMeasure measure)
{
    /// <summary>Values in a request, under half a megabyte of JSON: a node takes bodies of one.</summary>
    private const int ValuesMax = 20_000;

    public async Task<SeriesImportView> RunAsync(string path, CancellationToken stop)
    {
        var trace = Load(path);
        var cluster = await client.GetAsync("cluster", AdminJson.Default.ClusterView, stop);
        var shards = await client.GetAsync("shards", AdminJson.Default.IReadOnlyListShardView, stop);
        var columns = Columns(trace, path, [.. shards.Select(shard => shard.Id)]);
        var (first, skipped) = CheckTimes(trace, path, cluster);
        var total = new SeriesImportView { Added = 0, Known = 0, TooOld = skipped * columns.Count };
        foreach (var some in columns.Chunk(Math.Max(1, ValuesMax / (trace.TimesS.Count - skipped))))
        {
            var request = new SeriesImport
            {
                Metric = measure.Name,
                StepSeconds = cluster.ForecastStepSeconds,
                StartUnixMs = (long)first * 1000,
                Shards = [.. some.Select(column => new ShardValues(
                    column.Shard, [.. trace.Values[column.Place].Skip(skipped).Select(value => (double?)value)]))],
            };
            var answer = client.Parse(
                await client.PostAsync("series", request, AdminJson.Default.SeriesImport, stop),
                AdminJson.Default.SeriesImportView);
            total = new SeriesImportView
            {
                Added = total.Added + answer.Added,
                Known = total.Known + answer.Known,
                TooOld = total.TooOld + answer.TooOld,
            };
        }
        return total;
    }

    private static TraceFile Load(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"FILE '{path}': does not exist; give a CSV trace");
        try
        {
            return TraceFile.Load(path, LoadCode.LargestValue);
        }
        catch (TraceFormatException e)
        {
            throw new SeriesException(e.Message, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UsageException($"FILE '{path}': cannot be read ({e.Message})");
        }
    }

    private static List<(int Shard, int Place)> Columns(TraceFile trace, string path, HashSet<int> shards)
    {
        var columns = new List<(int Shard, int Place)>();
        var seen = new HashSet<int>();
        for (var place = 0; place < trace.Columns.Count; place++)
        {
            var name = trace.Columns[place];
            if (!name.StartsWith('s')
                || !int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
                || !shards.Contains(shard))
            {
                throw Problem(path, trace.ColumnsLine, $"column '{name}' is no shard of this cluster; allowed are "
                    + $"s{shards.DefaultIfEmpty().Min()} to s{shards.DefaultIfEmpty().Max()}");
            }
            if (!seen.Add(shard))
                throw Problem(path, trace.ColumnsLine, $"column '{name}' is there twice; once is allowed");
            columns.Add((shard, place));
        }
        return columns;
    }

    /// <summary>The time of the first point that is young enough, and how many are not.</summary>
    private static (double FirstS, int Skipped) CheckTimes(TraceFile trace, string path, ClusterView cluster)
    {
        var step = cluster.ForecastStepSeconds;
        var found = trace.TimesS[1] - trace.TimesS[0];
        if (Math.Abs(found - step) > 1e-6)
        {
            throw Problem(path, trace.Lines[1], $"is {Text(found)} s after the line before; the forecast step of this "
                + $"cluster is {step} s");
        }
        if (trace.TimesS[0] < 0 || trace.TimesS[0] % step != 0)
        {
            throw Problem(path, trace.Lines[0], $"timestamp {Text(trace.TimesS[0])}: must be a multiple of {step}, in "
                + "unix seconds");
        }
        var now = cluster.UnixMs / 1000.0;
        for (var i = 0; i < trace.TimesS.Count; i++)
        {
            if (trace.TimesS[i] + step > now)
            {
                throw Problem(path, trace.Lines[i], $"timestamp {Text(trace.TimesS[i])}: its step ends in the future; "
                    + $"allowed is up to {Text(Math.Floor((now - step) / step) * step)}");
            }
        }
        var oldest = (Math.Floor(now / step) - RollupLevel.StepBucketsMax) * step;
        if (trace.TimesS[^1] < oldest)
        {
            throw Problem(path, trace.Lines[^1], $"timestamp {Text(trace.TimesS[^1])}: all points are older than the "
                + $"history that is kept; allowed is from {Text(oldest)} on");
        }
        var skipped = trace.TimesS.TakeWhile(time => time < oldest).Count();
        return (trace.TimesS[skipped], skipped);
    }

    private static SeriesException Problem(string path, int line, string what) =>
        new($"trace {Path.GetFileName(path)}: line {line}: {what}");

    private static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
