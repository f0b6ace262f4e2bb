using Microsoft.AspNetCore.Http;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;
using ShardStore.Node.Telemetry;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>History from before: all of a request is checked before any of it is proposed.</summary>
internal sealed class ImportEndpoints(AdminContext context)
{
    public async Task ImportAsync(HttpContext http)
    {
        Query.Only(http);
        var given = await AdminContext.BodyAsync(http, AdminJson.Default.SeriesImport);
        var reading = await context.ReadAsync(http.RequestAborted);
        var loads = context.Source.Loads;
        var import = new LoadImport(loads, MeasureOf(given.Metric), reading.UnixMs);
        CheckGrid(given, loads, reading.UnixMs);
        CheckShards(given, reading);
        foreach (var row in given.Shards)
            import.Add(row.Shard, given.StartUnixMs / (given.StepSeconds * 1000L), row.Values);
        foreach (var batch in import.Batches())
            AdminContext.Check(await ProposeAsync(batch, http.RequestAborted));
        await context.SeenAsync(_ => import.IsSeen(), http.RequestAborted);
        var view = new SeriesImportView { Added = import.Added, Known = import.Known, TooOld = import.TooOld };
        await AdminContext.WriteAsync(http, view, AdminJson.Default.SeriesImportView);
    }

    private Task<MetaResult> ProposeAsync(byte[] batch, CancellationToken cancellation) =>
        context.Source.ProposeAsync(new AppendHistory(batch) { IsImport = true }, cancellation);

    private static LoadMeasure MeasureOf(string name) =>
        LoadMeasure.OfShards.FirstOrDefault(measure => measure.Name == name)
            ?? throw AdminProblem.BadSeries($"metric '{name}': must be one of "
                + string.Join(", ", LoadMeasure.OfShards.Select(measure => measure.Name)));

    private static void CheckGrid(SeriesImport given, LoadKeeper loads, long nowMs)
    {
        if (given.StepSeconds != loads.StepSeconds)
        {
            throw AdminProblem.BadSeries(
                $"stepSeconds {given.StepSeconds}: must be {loads.StepSeconds}, the forecast step of this cluster");
        }
        if (given.Shards is not { Count: > 0 } || given.Shards.Any(row => row?.Values is not { Count: > 0 }))
            throw AdminProblem.BadSeries("shards: must have an entry a shard, each with values");
        var steps = given.Shards[0].Values.Count;
        var stepMs = given.StepSeconds * 1000L;
        if (steps > loads.StepsKept || given.Shards.Any(row => row.Values.Count != steps))
        {
            throw AdminProblem.BadSeries(
                $"values: must be 1 to {loads.StepsKept} of each shard, and as many of all; shard "
                + $"{given.Shards[0].Shard} has {steps}");
        }
        if (given.StartUnixMs < 0 || given.StartUnixMs % stepMs != 0)
            throw AdminProblem.BadSeries($"startUnixMs {given.StartUnixMs}: must be a multiple of {stepMs} from 0 on");
        if (given.StartUnixMs > nowMs - (steps * stepMs))
        {
            throw AdminProblem.BadSeries($"startUnixMs {given.StartUnixMs}: {steps} steps from then end in the future; "
                + $"the last one must have ended by {nowMs}");
        }
    }

    private static void CheckShards(SeriesImport given, ClusterReading reading)
    {
        var known = reading.View.Map.Shards.Select(shard => shard.Id).ToHashSet();
        var seen = new HashSet<int>();
        foreach (var row in given.Shards)
        {
            if (!known.Contains(row.Shard))
                throw AdminProblem.UnknownShard(row.Shard.ToString(), known);
            if (!seen.Add(row.Shard))
                throw AdminProblem.BadSeries($"shards: shard {row.Shard} is there twice; once is allowed");
            var bad = row.Values.FirstOrDefault(value => value is < 0 or > LoadCode.LargestValue);
            if (bad is not null)
            {
                throw AdminProblem.BadSeries(
                    $"shard {row.Shard}: {bad} is no load; allowed are null and 0 to {LoadCode.LargestValue:0E+0}");
            }
        }
    }
}
