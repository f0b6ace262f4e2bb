using System.Diagnostics;
using ShardStore.Client;

namespace ShardStore.Cluster.Tests.Load;

/// <summary>One caller of the SDK on one shard: writes its own keys in turn and reads each back at once, at most one
/// call at a time. Knows what every one of its keys may hold.</summary>
internal sealed class LoadWorker(ShardStoreClient client, ShardHistory history, KeyLedger[] keys, TimeSpan pause)
{
    private long _operations;
    private long _acknowledged;
    private long _unknown;
    private long _notDone;
    private long _failedReads;

    public IReadOnlyList<KeyLedger> Keys => keys;

    public Latencies Latencies { get; set; } = new();

    /// <summary>What went wrong, at most a few.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Values read that cannot be.</summary>
    public List<string> Wrong { get; } = [];

    public LoadCounts Counts => new(
        Interlocked.Read(ref _operations), Interlocked.Read(ref _acknowledged), Interlocked.Read(ref _unknown),
        Interlocked.Read(ref _notDone), Interlocked.Read(ref _failedReads));

    public async Task RunAsync(CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var key = keys[i % keys.Length];
            if (key.MayWrite)
                await WriteAsync(key);
            await ReadAsync(keys[(i * 7) % keys.Length]);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, CancellationToken.None);
        }
    }

    private async Task WriteAsync(KeyLedger key)
    {
        var value = key.NextValue();
        var began = Stopwatch.GetTimestamp();
        var result = await client.SetAsync(key.Key, value);
        Latencies.Add(Stopwatch.GetElapsedTime(began));
        Interlocked.Increment(ref _operations);
        if (result.IsDone)
        {
            key.OnAcknowledged();
            history.OnWrite();
            Interlocked.Increment(ref _acknowledged);
            return;
        }
        Note($"SET {key.Key}: {result}");
        if (result.Outcome == KvOutcome.Unknown)
        {
            key.OnUnknown();
            Interlocked.Increment(ref _unknown);
        }
        else
        {
            Interlocked.Increment(ref _notDone);
        }
    }

    private async Task ReadAsync(KeyLedger key)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var value = await client.GetAsync(key.Key);
            Latencies.Add(Stopwatch.GetElapsedTime(began));
            if (key.Check(value is { } found ? found.Span : [], value is null) is { } wrong)
                Wrong.Add(wrong);
        }
        catch (ClientException failure)
        {
            Interlocked.Increment(ref _failedReads);
            Note($"GET {key.Key}: {failure.Message}");
        }
        Interlocked.Increment(ref _operations);
    }

    private void Note(string problem)
    {
        const int problemsMax = 5;
        if (Problems.Count < problemsMax)
            Problems.Add(problem);
    }
}
