using BenchmarkDotNet.Attributes;
using ShardStore.Storage;

namespace ShardStore.Micro;

/// <summary>Reads and overwrites in one shard's store: a million keys of 16 bytes, values of 100, all in memory.
/// </summary>
[MemoryDiagnoser]
public class ShardGetSet
{
    private const int Keys = 1_000_000;
    private readonly RecordBuffer _buffer = new();
    private readonly byte[] _key = new byte[16];
    private readonly byte[] _value = new byte[100];
    private readonly Random _random = new(1);
    private string _directory = "";
    private IKeyValueStore _store = null!;
    private ulong _sequence;

    [GlobalSetup]
    public void Load()
    {
        _directory = Directory.CreateTempSubdirectory("shardstore-micro-").FullName;
        FasterStoreEngine engine = new(new StoreOptions { MemoryBytes = 512L << 20, IndexBytes = 16 << 20 });
        _store = engine.Create(Path.Combine(_directory, "shard"));
        for (int key = 0; key < Keys; key++)
            Put(key);
    }

    [GlobalCleanup]
    public void Delete()
    {
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark]
    public bool Get() => _store.TryRead(KeySpace.User, KeyOf(_random.Next(Keys)), _buffer);

    [Benchmark]
    public void Set() => Put(_random.Next(Keys));

    private void Put(int key) => _store.Put(KeySpace.User, KeyOf(key), _value, 0, ++_sequence);

    private byte[] KeyOf(int key)
    {
        BitConverter.TryWriteBytes(_key, key);
        return _key;
    }
}
