using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using ShardStore.Storage;

namespace ShardStore.Micro;

/// <summary>A snapshot of 20,000 records as chunks, and back: text that LZ4 halves, or noise that goes raw. Prints
/// nothing but times; MB/s is <c>Bytes</c> over the mean.</summary>
public class Lz4Segment
{
    private readonly ArrayBufferWriter<byte> _chunk = new(1 << 19);
    private string _directory = "";
    private FasterStoreEngine _engine = null!;
    private IKeyValueStore _store = null!;
    private ISnapshotSource _source = null!;
    private int _received;

    [Params("text", "noise")]
    public string Content { get; set; } = "text";

    [GlobalSetup]
    public void Load()
    {
        _directory = Directory.CreateTempSubdirectory("shardstore-micro-").FullName;
        _engine = new FasterStoreEngine();
        _store = _engine.Create(Path.Combine(_directory, "shard"));
        Random random = new(1);
        for (int key = 0; key < 20_000; key++)
            _store.Put(KeySpace.User, Encoding.UTF8.GetBytes($"user:{key:D12}"), ValueOf(random), 0, 1);
        _store.TryBeginCheckpoint(new CheckpointState(1, 1, [], 0));
        SpinWait.SpinUntil(() => _store.PollCheckpoint() is not null);
        _source = _store.OpenSnapshot()!;
    }

    [GlobalCleanup]
    public void Delete()
    {
        _source.Dispose();
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark]
    public long ReadChunks()
    {
        long bytes = 0;
        for (int number = 0; number < _source.ChunkCount; number++)
        {
            _chunk.ResetWrittenCount();
            _source.ReadChunk(number, _chunk);
            bytes += _chunk.WrittenCount;
        }
        return bytes;
    }

    [Benchmark]
    public void SendAndReceive()
    {
        string copy = Path.Combine(_directory, $"copy-{_received++}");
        using (ISnapshotReceiver receiver = _engine.Receive(copy))
        {
            for (int number = 0; number < _source.ChunkCount; number++)
            {
                _chunk.ResetWrittenCount();
                _source.ReadChunk(number, _chunk);
                receiver.WriteChunk(number, _chunk.WrittenSpan);
            }
            receiver.Complete();
        }
        _engine.Delete(copy);
    }

    private byte[] ValueOf(Random random)
    {
        if (Content == "text")
            return Encoding.UTF8.GetBytes($"{{\"name\":\"user {random.Next()}\",\"visits\":{random.Next(99)},"
                + "\"active\":true,\"roles\":[\"reader\",\"writer\"],\"country\":\"Iceland\"}");
        byte[] noise = new byte[500];
        random.NextBytes(noise);
        return noise;
    }
}
