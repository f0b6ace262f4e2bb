using System.Globalization;
using System.Text.Json;
using ShardStore.Load;
using ShardStore.Node.Bench;
using ShardStore.Perf;

// SET and GET at pipeline 1 and 16 on three processes of each store, the stores taking turns, so that what else the
// machine does hits all of them alike. Prints medians; --record appends them to perf/results/load.ndjson.
//   dotnet run -c Release --project perf/Load -- [--rounds 5] [--seconds 5] [--record]
var rounds = Option("--rounds", 5);
var seconds = Option("--seconds", 5);
var results = new Dictionary<(string Store, Workload Load), List<BenchReport>>();
for (var round = 1; round <= rounds; round++)
{
    foreach (var start in Stores())
    {
        await using var cluster = await start();
        // Reads find keys, and the first seconds of a fresh process are its compiler's.
        await LoadGenerator.RunAsync(new Workload("warm-up", 0.5, 64).OptionsFor(cluster.Endpoints, 5), null, default);
        foreach (var load in Workload.All)
        {
            var report = await LoadGenerator.RunAsync(load.OptionsFor(cluster.Endpoints, seconds), null, default);
            Of(cluster.Name, load).Add(report);
            Console.WriteLine(Line($"round {round}  {cluster.Name,-15} {load.Name} pipeline {load.Pipeline,2}  ")
                + Line($"{report.OpsPerSecond,9:N0} ops/s  p50 {report.Latency.MsP50,6:F2} ms  ")
                + Line($"p99 {report.Latency.MsP99,6:F2} ms  errors {report.Errors}  ({cluster.Durability})"));
        }
    }
}
Console.WriteLine("medians:");
foreach (var ((store, load), reports) in results)
{
    var line = JsonSerializer.Serialize(new
    {
        at = Provenance.At,
        commit = Provenance.Commit,
        machine = Provenance.Machine,
        store,
        operation = load.Name,
        pipeline = load.Pipeline,
        connections = 50,
        valueBytes = 100,
        rounds,
        secondsEach = seconds,
        opsPerSecond = Math.Round(Median(reports, r => r.OpsPerSecond)),
        msP50 = Math.Round(Median(reports, r => r.Latency.MsP50), 2),
        msP99 = Math.Round(Median(reports, r => r.Latency.MsP99), 2),
        errors = reports.Sum(r => r.Errors),
    });
    Console.WriteLine(line);
    if (args.Contains("--record"))
        File.AppendAllText(Provenance.ResultsFile("load"), line + "\n");
}
return 0;

static IEnumerable<Func<Task<IStoreCluster>>> Stores()
{
    yield return ShardStoreProcesses.StartAsync;
    if (!RedisProcesses.IsInstalled)
        yield break;
    yield return () => RedisProcesses.StartAsync("always");
    yield return () => RedisProcesses.StartAsync("everysec");
}

List<BenchReport> Of(string store, Workload load)
{
    if (!results.TryGetValue((store, load), out var reports))
        results[(store, load)] = reports = [];
    return reports;
}

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    if (at < 0)
        return otherwise;
    if (at + 1 < args.Length && int.TryParse(args[at + 1], out var number) && number > 0)
        return number;
    throw new ArgumentException($"{name} {(at + 1 < args.Length ? args[at + 1] : "")}: needs a whole number from 1");
}

static double Median(List<BenchReport> reports, Func<BenchReport, double> figure)
{
    var sorted = reports.Select(figure).Order().ToArray();
    return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}

static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
