using System.Diagnostics;
using System.Globalization;
using ShardStore.Cluster.Tests.Load;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Which keys all clients of a run meet on: a few a shard, new ones every few seconds, so that no history
/// grows beyond what can be checked. The same rule stands in nemesis_load.py.</summary>
internal sealed class KeyPlan(string run)
{
    public const int Registers = 2;
    public const int Counters = 1;
    public const long WindowNs = 2_000_000_000;
    private readonly string[] _tags =
    [
        .. Enumerable.Range(0, NemesisCluster.Shards)
            .Select(shard => CheckedLoad.KeysOf(shard, NemesisCluster.Shards, "t", 1).Single()),
    ];

    public string Run => run;

    /// <summary>By shard, from 0.</summary>
    public IReadOnlyList<string> Tags => _tags;

    /// <summary>The machine's monotonic clock, which every process here shares.</summary>
    public static long NowNs => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    public string Register(int shard, int number) => KeyOf(shard, 'r', number);

    public string Counter(int shard, int number) => KeyOf(shard, 'c', number);

    private string KeyOf(int shard, char kind, int number) => string.Create(CultureInfo.InvariantCulture,
        $"{{{_tags[shard]}}}{run}-{kind}{number}-{NowNs / WindowNs}");
}
