using System.Diagnostics;
using System.Text.Json;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Moves;
using ShardStore.Cluster.Tests.Nemesis;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Perf;

namespace ShardStore.Cluster.Tests.Soak;

/// <summary>Steady load for long, a move every minute, and what the nodes hold of memory, descriptors and disk
/// meanwhile: after the warm-up nothing of it may grow. The sum over the nodes counts: replicas come and go, so that
/// one node has five of them at one time and seven at another.</summary>
internal sealed class SoakSession(int minutes, bool record, TextWriter output) : IAsyncDisposable
{
    private const double Mebi = 1 << 20;

    /// <summary>The shared log grows and shrinks by whole segments, two or three of them up and down: that much a
    /// line through half an hour of it rises or falls by chance. A leak of one byte in thirty written is beyond it.
    /// </summary>
    private const double DiskStepMebi = 2 * 64;

    private const string AllNodes = "all";

    private static readonly TimeSpan MovePause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EarlyMovePause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SamplePause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Small checkpoints, so that their cycle is short beside the time measured, and the least memory that a
    /// node may have for its stores: each fills its own within the warm-up and after every move. With more, a store
    /// takes page after page for hours, which is what it may, and a leak would hide behind it.</summary>
    private static readonly ClusterShape Shape =
        new() { Nodes = 4, Shards = 8, CheckpointMb = 4, MemoryMb = 16, OnDisk = true };

    /// <summary>At this size and rate a store's log gets as long as its memory within two minutes.</summary>
    private const int ValueBytes = 4_000;

    /// <summary>First move after move: the hash tables of stores that came and went leave places in the heap that count
    /// once they were written to, and it takes dozens of them until new ones find only such places.</summary>
    private const int EarlyMoves = 60;

    /// <summary>Then at the pace of what is measured: what a store takes of memory and disk grows with its age, so
    /// stores must be as old as they will be.</summary>
    private const int WarmUpMoves = EarlyMoves + 12;

    private readonly Stopwatch _time = new();
    private readonly List<Move> _moves = [];
    private readonly List<ResourceSample>[] _samples =
        [.. Enumerable.Range(0, Shape.Nodes).Select(_ => new List<ResourceSample>())];
    private ClusterProcess? _cluster;
    private double _warmAt = double.MaxValue;

    private bool IsWarm => _moves.Count >= WarmUpMoves;

    private bool IsOver => _time.Elapsed.TotalSeconds >= _warmAt + TimeSpan.FromMinutes(minutes).TotalSeconds;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _cluster, null) is { } cluster)
            await cluster.DisposeAsync();
    }

    public async Task<bool> RunAsync()
    {
        var cluster = _cluster = await ClusterProcess.StartAsync(Shape);
        using var api = new AdminApi(cluster.AdminPorts);
        output.WriteLine($"{Shape.Nodes} nodes, {Shape.Shards} shards of {Shape.Replicas} replicas; warm-up of "
            + $"{EarlyMoves} moves in a row and {WarmUpMoves - EarlyMoves} at one a minute, then so for {minutes} "
            + $"minutes; commit {Provenance.Commit}; {Provenance.Machine}");
        var load = new LoadShape { Name = "soak", Shards = Shape.Shards, ValueBytes = ValueBytes };
        await using var clients = await CheckedLoad.StartAsync(cluster.Endpoints, load);
        _time.Start();
        await Task.WhenAll(SampleAsync(cluster), MoveAsync(api, clients));
        var counts = await clients.StopAsync();
        return Report(counts, await clients.ReadBackAsync(cluster.Endpoints), clients.Problems);
    }

    private async Task SampleAsync(ClusterProcess cluster)
    {
        using var pace = new PeriodicTimer(SamplePause);
        while (!IsOver && await pace.WaitForNextTickAsync())
        {
            if (IsWarm)
                _warmAt = Math.Min(_warmAt, _time.Elapsed.TotalSeconds);
            for (var node = 0; node < cluster.Count; node++)
                _samples[node].Add(
                    ResourceSample.Of(_time.Elapsed.TotalSeconds, cluster[node].Id, cluster.DirOf(node)));
        }
    }

    /// <summary>Round the shards, each time to the node that has no replica of the shard.</summary>
    private async Task MoveAsync(AdminApi api, CheckedLoad clients)
    {
        using var pace = new PeriodicTimer(EarlyMovePause);
        while (!IsOver)
        {
            var shard = await api.ShardAsync(1 + (_moves.Count % Shape.Shards));
            var holders = shard.Replicas.Select(replica => replica.Node).ToArray();
            var free = (await api.NodesAsync()).Select(node => node.Name).Except(holders).First();
            var move = new Move(api, await api.MigrateAsync(shard.Id, holders[_moves.Count % holders.Length], free));
            _moves.Add(move);
            await move.WaitEndAsync();
            await clients.WaitServedAsync(Patience);
            output.WriteLine(FormattableString.Invariant(
                $"{_time.Elapsed:mm\\:ss}  {move}; {clients.Counts.Operations} operations; ")
                + string.Join("  ", _samples.Select(Latest)));
            if (_moves.Count == EarlyMoves)
                pace.Period = MovePause;
            await pace.WaitForNextTickAsync();
        }
    }

    private static string Latest(List<ResourceSample> samples) => samples.Count == 0
        ? "-"
        : FormattableString.Invariant(
            $"{samples[^1].MemoryBytes / Mebi:0} MB {samples[^1].Descriptors} fd {samples[^1].DiskBytes / Mebi:0} MB");

    private bool Report(LoadCounts counts, IReadOnlyList<string> lost, IEnumerable<string> problems)
    {
        var sums = SeriesOf(AllNodes, [.. Enumerable.Range(0, _samples.Min(samples => samples.Count)).Select(SumAt)]);
        var series = _samples.SelectMany((samples, node) => SeriesOf($"n{node + 1}", samples)).Concat(sums).ToArray();
        output.WriteLine(SoakSeries.Head);
        foreach (var one in series)
            output.WriteLine(one);
        var unfinished = _moves.Count(move => move.View.Stage != "Done");
        output.WriteLine($"{counts}; {lost.Count} lost; {_moves.Count} moves, {unfinished} not done");
        foreach (var problem in lost.Concat(problems).Take(10))
            output.WriteLine(problem);
        var isClean = lost.Count == 0 && unfinished == 0 && counts is { Unknown: 0, NotDone: 0, FailedReads: 0 }
            && series.Where(one => one.Node == AllNodes).All(one => one.IsFlat);
        output.WriteLine(isClean ? "nothing lost, nothing failed, nothing grows" : "NOT CLEAN, see above");
        if (record)
            File.AppendAllText(Provenance.ResultsFile("soak"), ToJson(counts, lost.Count, series) + "\n");
        return isClean;
    }

    private ResourceSample SumAt(int place) => new(
        _samples[0][place].Seconds, _samples.Sum(samples => samples[place].MemoryBytes),
        _samples.Sum(samples => samples[place].Descriptors), _samples.Sum(samples => samples[place].DiskBytes));

    private IEnumerable<SoakSeries> SeriesOf(string node, IReadOnlyList<ResourceSample> samples) =>
    [
        new(node, "memory MB", [.. samples.Select(sample => (sample.Seconds, sample.MemoryBytes / Mebi))])
        {
            WarmAt = _warmAt,
        },
        new(node, "descriptors", [.. samples.Select(sample => (sample.Seconds, (double)sample.Descriptors))])
        {
            WarmAt = _warmAt,
        },
        new(node, "disk MB", [.. samples.Select(sample => (sample.Seconds, sample.DiskBytes / Mebi))])
        {
            WarmAt = _warmAt,
            Step = DiskStepMebi,
        },
    ];

    private string ToJson(LoadCounts counts, int lost, IEnumerable<SoakSeries> series) => JsonSerializer.Serialize(new
    {
        at = Provenance.At,
        commit = Provenance.Commit,
        machine = Provenance.Machine,
        load = NemesisResult.LoadText(),
        suite = "soak",
        minutes,
        operations = counts.Operations,
        acknowledged = counts.Acknowledged,
        failed = counts.Unknown + counts.NotDone + counts.FailedReads,
        lost,
        moves = _moves.Count,
        movesNotDone = _moves.Count(move => move.View.Stage != "Done"),
        trends = series.Select(one => new
        {
            node = one.Node,
            what = one.What,
            mean = Math.Round(one.Trend.Mean, 2),
            slopeAnHour = Math.Round(one.Trend.SlopeAnHour, 2),
            growth = Math.Round(one.Trend.Growth, 4),
        }),
    });
}
