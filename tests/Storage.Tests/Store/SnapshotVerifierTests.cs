using System.Buffers;
using Xunit;

namespace ShardStore.Storage.Tests.Store;

/// <summary>A snapshot is judged without a store, whatever the size of its log's pages.</summary>
public sealed class SnapshotVerifierTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(256 << 10)]
    [InlineData(1 << 20)]
    public void A_whole_snapshot_passes_and_tells_its_state(int pageBytes)
    {
        using TemporaryDirectory folder = new();
        List<byte[]> chunks = ChunksOf(folder, pageBytes, out CheckpointState state, out ulong hash);
        Assert.True(chunks.Count > 8, $"{chunks.Count} chunks");
        SnapshotVerifier verifier = new("sample");
        foreach (byte[] chunk in chunks)
            verifier.Add(chunk);
        verifier.Complete();
        Assert.Equal((state.AppliedIndex, hash), (verifier.State!.AppliedIndex, verifier.ContentHash));
    }

    [Theory]
    [InlineData(256 << 10)]
    [InlineData(1 << 20)]
    public void A_chunk_left_out_at_any_place_is_missed(int pageBytes)
    {
        using TemporaryDirectory folder = new();
        List<byte[]> chunks = ChunksOf(folder, pageBytes, out _, out _);
        for (int missing = 0; missing < chunks.Count; missing++)
        {
            SnapshotVerifier verifier = new("sample");
            Assert.Throws<StorageCorruptException>(() =>
            {
                foreach (byte[] chunk in chunks.Where((_, number) => number != missing))
                    verifier.Add(chunk);
                verifier.Complete();
            });
        }
    }

    [Theory]
    [InlineData(256 << 10)]
    [InlineData(1 << 20)]
    public void A_page_that_the_disk_changed_since_the_checkpoint_is_found(int pageBytes)
    {
        using TemporaryDirectory folder = new();
        using IKeyValueStore store = Filled(folder, pageBytes);
        using ISnapshotSource source = CheckpointOf(store);
        string segment = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
            .MaxBy(file => new FileInfo(file).Length)!;
        using (FileStream file = new(segment, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = 1_500_000;
            int before = file.ReadByte();
            file.Position = 1_500_000;
            file.WriteByte((byte)(before ^ 1));
        }
        SnapshotVerifier verifier = new("sample");
        StorageCorruptException damage = Assert.Throws<StorageCorruptException>(() =>
        {
            for (int number = 0; number < source.ChunkCount; number++)
                verifier.Add(Chunk(source, number));
        });
        Assert.Contains("a log page of CRC32C", damage.Message);
    }

    private static List<byte[]> ChunksOf(
        TemporaryDirectory folder, int pageBytes, out CheckpointState state, out ulong hash)
    {
        using IKeyValueStore store = Filled(folder, pageBytes);
        using ISnapshotSource source = CheckpointOf(store);
        (state, hash) = (source.State, source.ContentHash);
        return [.. Enumerable.Range(0, source.ChunkCount).Select(number => Chunk(source, number))];
    }

    private static byte[] Chunk(ISnapshotSource source, int number)
    {
        ArrayBufferWriter<byte> into = new();
        source.ReadChunk(number, into);
        return into.WrittenSpan.ToArray();
    }

    private static IKeyValueStore Filled(TemporaryDirectory folder, int pageBytes)
    {
        FasterStoreEngine engine = new(new StoreOptions { PageBytes = pageBytes, MemoryBytes = 8L * pageBytes });
        IKeyValueStore store = engine.Create(Path.Combine(folder.Path, "store"));
        Random random = new(pageBytes);
        byte[] value = new byte[9_000];
        for (uint index = 1; index <= 300; index++)
        {
            random.NextBytes(value);
            store.Put(KeySpace.User, BitConverter.GetBytes(index), value, 0, index);
        }
        return store;
    }

    private static ISnapshotSource CheckpointOf(IKeyValueStore store)
    {
        Assert.True(store.TryBeginCheckpoint(new CheckpointState(300, 2, [1], 5)));
        Assert.True(SpinWait.SpinUntil(() => store.PollCheckpoint() is not null, Deadline), "no checkpoint in time");
        return store.OpenSnapshot()!;
    }
}
