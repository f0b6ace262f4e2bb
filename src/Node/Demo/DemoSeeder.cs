using System.Diagnostics;
using ShardStore.Node.Bench;
using ShardStore.Resp;

namespace ShardStore.Node.Demo;

/// <summary>Sets every key of the demo's pages, before its load begins.</summary>
internal sealed class DemoSeeder(DemoLoad load) : IBenchCommands, IAsyncDisposable
{
    private const int BatchPages = 4;
    private readonly BenchTally _tally = new();
    private int _pagesFailed;
    private BenchExchange? _exchange;

    /// <exception cref="IOException">A page could not be set.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        _exchange = new BenchExchange(load.Topology, _tally, load.Options);
        foreach (var pages in Enumerable.Range(0, load.Keys.PageCount).Chunk(BatchPages))
        {
            var batch = pages.Select(page => new BenchOperation(page, true, Stopwatch.GetTimestamp(), 0)).ToArray();
            await _exchange.RunAsync(batch, this, stop);
        }
        if (_pagesFailed > 0)
        {
            throw new IOException($"{_pagesFailed} of the demo's {load.Keys.PageCount} pages could not be set: "
                + string.Join(", ", _tally.ErrorsByText.Keys));
        }
    }

    public int SlotOf(long key) => load.Keys.SlotOf(key);

    public void Write(in BenchOperation operation, RespWriter output) => load.Keys.WriteSeed(operation.Key, output);

    public void OnDone(in BenchOperation operation, in RespReply reply, long micros) => _tally.Writes.Record(micros);

    /// <summary>A page that may have been set is still one that is not known to be.</summary>
    public void OnFailed(in BenchOperation operation, bool mayHaveRun) => Interlocked.Increment(ref _pagesFailed);

    public ValueTask DisposeAsync() => _exchange?.DisposeAsync() ?? ValueTask.CompletedTask;
}
