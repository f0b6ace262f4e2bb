using System.Text.Json;
using ShardStore.Perf;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>What came of one fault's time. <paramref name="Fired"/> of <paramref name="Runs"/> really bit.</summary>
internal sealed record NemesisResult(string Name, int Runs, int Fired, HistoryVerdict Verdict)
{
    public required long Operations { get; init; }

    /// <summary>Of them by redis-py; the others by the SDK.</summary>
    public required int Independent { get; init; }

    public required long Acknowledged { get; init; }
    public required long Unknown { get; init; }

    /// <summary>Moves and leader transfers that began meanwhile.</summary>
    public required int Moves { get; init; }

    /// <summary>Of each run: seconds without an answered write on the shard that waited longest.</summary>
    public required IReadOnlyList<double> GapSeconds { get; init; }

    public bool IsClean => Verdict.IsClean && Fired > 0 && Acknowledged > 0 && Independent > 0;

    public static string Head =>
        $"{"nemesis",-16}{"runs",5}{"fired",6}{"operations",11}{"redis-py",9}{"acked",8}{"keys",6}{"lost",5}"
        + $"{"dupl.",6}{"stale",6}{"gave up",8}{"unknown",8}{"moves",6}{"p50 s",7}{"p99 s",7}{"max s",7}";

    public override string ToString() => FormattableString.Invariant(
        $"{Name,-16}{Runs,5}{Fired,6}{Operations,11}{Independent,9}{Acknowledged,8}{Verdict.Keys,6}{Verdict.Lost,5}")
        + FormattableString.Invariant(
            $"{Verdict.Duplicated,6}{Verdict.Stale,6}{Verdict.TimedOut,8}{Unknown,8}{Moves,6}{Gap(50),7:0.00}")
        + FormattableString.Invariant($"{Gap(99),7:0.00}{Gap(100),7:0.00}");

    /// <summary>One line with all that is needed to believe it later.</summary>
    public string ToJson(int seed, int nodes) => JsonSerializer.Serialize(new
    {
        at = Provenance.At,
        commit = Provenance.Commit,
        machine = Provenance.Machine,
        load = LoadText(),
        suite = "nemesis",
        nemesis = Name,
        seed,
        nodes,
        runs = Runs,
        fired = Fired,
        operations = Operations,
        operationsRedisPy = Independent,
        acknowledged = Acknowledged,
        keys = Verdict.Keys,
        lost = Verdict.Lost,
        duplicated = Verdict.Duplicated,
        stale = Verdict.Stale,
        checkerTimeOuts = Verdict.TimedOut,
        unknown = Unknown,
        moves = Moves,
        gapSecondsP50 = Gap(50),
        gapSecondsP99 = Gap(99),
        gapSecondsMax = Gap(100),
    });

    public static string LoadText() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "";

    private double Gap(double percent) => Percentiles.Of(GapSeconds, percent);
}
