using System.Text.Json;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using ShardStore.Perf;

namespace ShardStore.Micro;

/// <summary>Appends one JSON line a benchmark to perf/results/micro.ndjson.</summary>
internal sealed class ResultLines : IExporter
{
    public string Name => nameof(ResultLines);

    public IEnumerable<string> ExportToFiles(Summary summary, ILogger consoleLogger)
    {
        var file = Provenance.ResultsFile("micro");
        File.AppendAllLines(file, summary.Reports.Where(report => report.Success).Select(LineOf));
        return [file];
    }

    public void ExportToLog(Summary summary, ILogger logger)
    {
        foreach (var report in summary.Reports.Where(report => report.Success))
            logger.WriteLine(LineOf(report));
    }

    private static string LineOf(BenchmarkReport report)
    {
        var statistics = report.ResultStatistics!;
        var benchmark = report.BenchmarkCase.Descriptor;
        return JsonSerializer.Serialize(new
        {
            at = Provenance.At,
            commit = Provenance.Commit,
            machine = Provenance.Machine,
            benchmark = $"{benchmark.Type.Name}.{benchmark.WorkloadMethod.Name}",
            parameters = report.BenchmarkCase.Parameters.ValueInfo,
            medianNs = Math.Round(statistics.Median, 1),
            meanNs = Math.Round(statistics.Mean, 1),
            standardErrorNs = Math.Round(statistics.StandardError, 1),
            samples = statistics.N,
            allocatedBytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase),
        });
    }
}
