using Xunit;

namespace ShardStore.Storage.Tests.Store;

/// <summary>Any flipped bit in a store's files is found when it is opened, said clearly, and nothing is destroyed.
/// </summary>
public sealed class StoreCorruptionTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly FasterStoreEngine _engine = new(new StoreOptions { MemoryBytes = 2 << 20 });
    private readonly string _store;
    private readonly string _manifest;
    private readonly string _log;

    public StoreCorruptionTests()
    {
        _store = Path.Combine(_root.Path, "a");
        using IKeyValueStore store = _engine.Create(_store);
        for (int key = 0; key < 300; key++)
            store.Put(KeySpace.User, BitConverter.GetBytes(key), new byte[key], 0, 1);
        store.Checkpoint(1);
        _manifest = Directory.GetFiles(_store, "manifest-*").Single();
        _log = Directory.GetFiles(_store, "log.*", SearchOption.AllDirectories).Single();
    }

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_flipped_bit_anywhere_in_the_manifest_is_refused() => FlipEverywhere(_manifest, 1);

    [Fact]
    public void A_flipped_bit_anywhere_in_the_log_is_refused() =>
        FlipEverywhere(_log, (int)(new FileInfo(_log).Length / 150));

    [Fact]
    public void A_missing_or_short_log_is_refused()
    {
        byte[] good = File.ReadAllBytes(_log);
        File.WriteAllBytes(_log, good.AsSpan(0, good.Length - 1));
        Assert.Throws<StorageCorruptException>(() => _engine.Open(_store, out _));
        File.Delete(_log);
        StorageCorruptException missing = Assert.Throws<StorageCorruptException>(() => _engine.Open(_store, out _));
        Assert.Contains(_log, missing.Message, StringComparison.Ordinal);
        File.WriteAllBytes(_log, good);
        AssertOpens();
    }

    [Fact]
    public void A_newer_manifest_version_is_refused_by_name()
    {
        byte[] good = File.ReadAllBytes(_manifest);
        byte[] newer = [.. good];
        newer[4] = 9;
        uint crc = Segments.Checksum.Of(newer.AsSpan(0, newer.Length - 4));
        BitConverter.TryWriteBytes(newer.AsSpan(newer.Length - 4), crc);
        File.WriteAllBytes(_manifest, newer);
        IOException refused = Assert.Throws<IOException>(() => _engine.Open(_store, out _));
        Assert.Contains("manifest version 9, this node reads version 1", refused.Message, StringComparison.Ordinal);
        File.WriteAllBytes(_manifest, good);
        AssertOpens();
    }

    [Fact]
    public void A_flipped_bit_behind_the_stores_back_is_found_when_the_record_is_read()
    {
        FasterStoreEngine engine = new(new StoreOptions { MemoryBytes = 2 << 20 });
        using IKeyValueStore store = engine.Create(Path.Combine(_root.Path, "b"));
        byte[] value = new byte[1000];
        for (int key = 0; key < 4000; key++)
            store.Put(KeySpace.User, BitConverter.GetBytes(key), value, 0, 1);
        string[] logs = Directory.GetFiles(Path.Combine(_root.Path, "b"), "log.*", SearchOption.AllDirectories);
        string log = logs.Order().First();
        using (FileStream file = new(log, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 64 + 8 + 16 + 4 + 24 + 500;
            file.WriteByte(1);
        }
        StorageCorruptException found = Assert.Throws<StorageCorruptException>(() =>
            store.TryRead(KeySpace.User, BitConverter.GetBytes(0), new RecordBuffer()));
        Assert.Equal(64, found.Offset);
        Assert.Throws<StorageCorruptException>(() => store.ComputeContentHash());
    }

    private void FlipEverywhere(string path, int step)
    {
        byte[] good = File.ReadAllBytes(path);
        for (int offset = 0; offset < good.Length; offset += step)
        {
            byte[] flipped = [.. good];
            flipped[offset] ^= (byte)(1 << (offset % 8));
            File.WriteAllBytes(path, flipped);
            Assert.Throws<StorageCorruptException>(() => _engine.Open(_store, out _));
        }
        File.WriteAllBytes(path, good);
        AssertOpens();
    }

    private void AssertOpens()
    {
        using IKeyValueStore store = _engine.Open(_store, out CheckpointState? state);
        Assert.Equal(1ul, state!.AppliedIndex);
        Assert.Equal(300, store.KeyCount);
        Assert.Equal(store.ContentHash, store.ComputeContentHash());
    }
}
