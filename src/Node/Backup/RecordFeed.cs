using System.Threading.Channels;
using ShardStore.Storage;

namespace ShardStore.Node.Backup;

/// <summary>Walks a store on a thread of its own and hands the users' records over in batches. The walk waits while
/// batches are not taken, so that memory stays bounded however long the values are.</summary>
internal sealed class RecordFeed(IKeyValueStore store) : IRecordVisitor
{
    private const int BatchRecordsMax = 256;

    /// <summary>A batch ends with the record that passes this.</summary>
    private const int BatchBytesMax = 2 << 20;

    private const int BatchesWaitingMax = 2;

    private readonly Channel<IReadOnlyList<StoredRecord>> _batches =
        Channel.CreateBounded<IReadOnlyList<StoredRecord>>(BatchesWaitingMax);

    private List<StoredRecord> _batch = [];
    private long _bytes;
    private CancellationToken _stop;

    public ChannelReader<IReadOnlyList<StoredRecord>> Batches => _batches.Reader;

    /// <summary>Ends when all was taken. The batches end with it, also when it fails: look at both.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        _stop = stop;
        return Task.Factory.StartNew(Walk, stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public void Visit(
        KeySpace space, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expireAtMs, ulong sequence)
    {
        if (space != KeySpace.User)
            return;
        var record = new StoredRecord(key.ToArray(), value.ToArray(), expireAtMs);
        _batch.Add(record);
        _bytes += record.Bytes;
        if (_batch.Count >= BatchRecordsMax || _bytes >= BatchBytesMax)
            HandOver();
    }

    private void Walk()
    {
        try
        {
            var cursor = 0UL;
            do
                cursor = store.Scan(cursor, int.MaxValue, this);
            while (cursor != 0);
            HandOver();
        }
        finally
        {
            _batches.Writer.TryComplete();
        }
    }

    private void HandOver()
    {
        if (_batch.Count == 0)
            return;
        // A visitor cannot be awaited. The thread is the walk's own, so it is the one that waits.
        _batches.Writer.WriteAsync(_batch, _stop).AsTask().GetAwaiter().GetResult();
        (_batch, _bytes) = ([], 0);
    }
}
