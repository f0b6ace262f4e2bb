using Xunit;

namespace ShardStore.Storage.Tests.Store;

/// <summary>A log bigger than its memory, and one whose records die: what is on disk is read, and what is dead goes.
/// </summary>
public sealed class LogSpaceTests : IDisposable
{
    private const long Slack = 1 << 20;
    private readonly TemporaryDirectory _root = new();
    private readonly RecordBuffer _buffer = new();

    private readonly FasterStoreEngine _engine = new(new StoreOptions
    {
        MemoryBytes = 2 << 20,
        SegmentBytes = 512 << 10,
        CompactionSlackBytes = Slack,
    });

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Records_that_left_memory_are_read_overwritten_deleted_and_scanned()
    {
        using IKeyValueStore store = _engine.Create(Path.Combine(_root.Path, "a"));
        byte[] value = new byte[1000];
        for (int key = 0; key < 8000; key++)
            store.Put(KeySpace.User, BitConverter.GetBytes(key), Stamped(value, key), 0, 1);
        for (int key = 0; key < 8000; key += 7)
        {
            Assert.True(store.TryRead(KeySpace.User, BitConverter.GetBytes(key), _buffer));
            Assert.Equal(key, BitConverter.ToInt32(_buffer.Value));
        }
        for (int key = 0; key < 100; key++)
            Assert.True(store.Delete(KeySpace.User, BitConverter.GetBytes(key), 2));
        Assert.Equal(7900, store.KeyCount);
        Assert.Equal(7900, store.CountByScan());
        Assert.Equal(store.ContentHash, store.ComputeContentHash());
    }

    [Fact]
    public void The_disk_does_not_grow_while_keys_are_overwritten()
    {
        Random random = Seeds.New(nameof(The_disk_does_not_grow_while_keys_are_overwritten));
        string directory = Path.Combine(_root.Path, "a");
        IKeyValueStore store = _engine.Create(directory);
        byte[] value = new byte[2000];
        long most = 0;
        for (ulong sequence = 1; sequence <= 40_000; sequence++)
        {
            int key = random.Next(500);
            store.Put(KeySpace.User, BitConverter.GetBytes(key), Stamped(value, key).AsSpan(0, random.Next(4, 2000)),
                0, sequence);
            if (sequence % 2000 != 0)
                continue;
            store.Checkpoint(sequence);
            most = Math.Max(most, store.DiskBytes);
        }
        // 40 MB were written. Live: 500 keys of 1 KB; twice that, the slack, what 2000 writes add, segments in part.
        Assert.InRange(most, 0, 8 << 20);
        Assert.Equal(500, store.CountByScan());
        ulong hash = store.ContentHash;
        store.Dispose();
        store = _engine.Open(directory, out _);
        Assert.Equal(hash, store.ContentHash);
        Assert.Equal(hash, store.ComputeContentHash());
        store.Dispose();
    }

    [Fact]
    public void Deleted_records_do_not_come_back_through_compaction_and_reopening()
    {
        Random random = Seeds.New(nameof(Deleted_records_do_not_come_back_through_compaction_and_reopening));
        string directory = Path.Combine(_root.Path, "a");
        IKeyValueStore store = _engine.Create(directory);
        StoreModel model = new();
        ulong sequence = 0;
        for (int round = 0; round < 6; round++)
        {
            for (int write = 0; write < 1500; write++)
                model.ApplyRandom(random, store, ++sequence);
            store.Checkpoint(sequence);
            store.Dispose();
            store = _engine.Open(directory, out _);
            model.AssertEqual(store);
        }
        store.Dispose();
    }

    [Fact]
    public void An_opened_snapshot_is_read_whole_after_its_files_were_given_back()
    {
        using IKeyValueStore store = _engine.Create(Path.Combine(_root.Path, "a"));
        byte[] value = new byte[1500];
        for (int key = 0; key < 2000; key++)
            store.Put(KeySpace.User, BitConverter.GetBytes(key), value, 0, 1);
        store.Checkpoint(1);
        using ISnapshotSource source = store.OpenSnapshot()!;
        for (int round = 0; round < 6; round++)
        {
            for (int key = 0; key < 2000; key++)
                store.Put(KeySpace.User, BitConverter.GetBytes(key), value.AsSpan(0, 1000 + round), 0, 2);
            store.Checkpoint(2);
        }
        using ISnapshotReceiver receiver = _engine.Receive(Path.Combine(_root.Path, "b"));
        for (int chunk = 0; chunk < source.ChunkCount; chunk++)
        {
            System.Buffers.ArrayBufferWriter<byte> writer = new();
            source.ReadChunk(chunk, writer);
            receiver.WriteChunk(chunk, writer.WrittenSpan);
        }
        receiver.Complete();
        using IKeyValueStore copy = _engine.Open(Path.Combine(_root.Path, "b"), out _);
        Assert.Equal(source.ContentHash, copy.ComputeContentHash());
    }

    private static byte[] Stamped(byte[] value, int key)
    {
        BitConverter.TryWriteBytes(value, key);
        return value;
    }
}
