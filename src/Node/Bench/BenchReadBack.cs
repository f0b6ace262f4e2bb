using System.Collections.Concurrent;
using System.Diagnostics;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>Reads back what one worker wrote. Keys that cannot be read are tried again for a while: after a node was
/// killed the cluster needs a moment, and "not readable yet" is not "lost".</summary>
internal sealed class BenchReadBack(WriteLedger ledger, BenchExchange exchange, BenchRun run) : IBenchCommands
{
    private const int RoundsMax = 50;
    private const int BatchMax = 64;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentQueue<long> _failed = new();
    private readonly ConcurrentQueue<string> _lost = new();

    internal long KeyCount { get; private set; }

    internal long UnreadableCount => _failed.Count;

    internal IReadOnlyCollection<string> Lost => _lost;

    internal async Task<BenchReadBack> RunAsync(CancellationToken cancellationToken)
    {
        var keys = ledger.AcknowledgedKeys();
        KeyCount = keys.Length;
        for (var round = 0; keys.Length > 0 && round < RoundsMax; round++)
        {
            if (round > 0)
                await Task.Delay(s_pause, cancellationToken).ConfigureAwait(false);
            _failed.Clear();
            foreach (var chunk in keys.Chunk(BatchMax))
            {
                var now = Stopwatch.GetTimestamp();
                var batch = chunk.Select(key => new BenchOperation(key, false, now, 0)).ToArray();
                await exchange.RunAsync(batch, this, cancellationToken).ConfigureAwait(false);
            }
            keys = [.. _failed];
        }
        return this;
    }

    public int SlotOf(long key) => run.SlotOf(key);

    public void Write(in BenchOperation operation, RespWriter output)
    {
        Span<byte> name = stackalloc byte[BenchRun.KeyBytesMax];
        var length = run.Keys.Format(operation.Key, name);
        output.WriteArrayHeader(2);
        output.WriteBulk("GET"u8);
        output.WriteBulk(name[..length]);
    }

    public void OnDone(in BenchOperation operation, in RespReply reply, long micros)
    {
        if (ledger.Check(operation.Key, reply) is { } problem)
            _lost.Enqueue(problem);
    }

    public void OnFailed(in BenchOperation operation, bool mayHaveRun) => _failed.Enqueue(operation.Key);
}
