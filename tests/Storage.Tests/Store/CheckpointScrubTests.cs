using Xunit;

namespace ShardStore.Storage.Tests.Store;

/// <summary>A running store's files are read again, and what flipped behind its back is found, named, and carried into
/// no later checkpoint.</summary>
public sealed class CheckpointScrubTests : IDisposable
{
    private const int Keys = 4000;
    private readonly TemporaryDirectory _root = new();
    private readonly FasterStoreEngine _engine = new(new StoreOptions
    {
        MemoryBytes = 2 << 20,
        SegmentBytes = 512 << 10,
        CompactionSlackBytes = 64 << 10,
    });

    private readonly IKeyValueStore _store;

    public CheckpointScrubTests()
    {
        _store = _engine.Create(Path.Combine(_root.Path, "a"));
        Fill(sequence: 1);
        _store.Checkpoint(1);
    }

    private string[] Segments =>
        [.. Directory.GetFiles(_root.Path, "log.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private string Manifest => Directory.GetFiles(_root.Path, "manifest-*", SearchOption.AllDirectories).Single();

    public void Dispose()
    {
        _store.Dispose();
        _root.Dispose();
    }

    [Fact]
    public void All_of_a_sound_checkpoint_is_read_and_nothing_found()
    {
        long expected = new FileInfo(Manifest).Length + Segments.Sum(path => new FileInfo(path).Length);
        using IScrub scrub = _store.OpenScrub()!;
        Assert.Equal(expected, ReadAll(scrub));
        Assert.Equal(0, scrub.Read(1));
    }

    [Fact]
    public void A_piece_is_no_longer_than_asked_for_but_for_one_page()
    {
        using IScrub scrub = _store.OpenScrub()!;
        scrub.Read(1);
        Assert.Equal(256 << 10, scrub.Read(1));
        Assert.Equal(512 << 10, scrub.Read(300 << 10));
    }

    [Fact]
    public void A_flip_in_each_file_is_found_and_named()
    {
        foreach (string path in Segments.Append(Manifest))
        {
            long offset = new FileInfo(path).Length / 2;
            Flip(path, offset);
            using (IScrub scrub = _store.OpenScrub()!)
                Assert.Equal(path, Assert.Throws<StorageCorruptException>(() => ReadAll(scrub)).File);
            Flip(path, offset);
        }
        using IScrub again = _store.OpenScrub()!;
        ReadAll(again);
    }

    [Fact]
    public void A_missing_segment_or_manifest_is_found()
    {
        foreach (string path in new[] { Segments[0], Manifest })
        {
            File.Move(path, path + "-away");
            StorageCorruptException found = Assert.Throws<StorageCorruptException>(() =>
            {
                using IScrub scrub = _store.OpenScrub()!;
                ReadAll(scrub);
            });
            Assert.Equal(path, found.File);
            File.Move(path + "-away", path);
        }
    }

    [Fact]
    public void Files_that_newer_checkpoints_give_back_meanwhile_are_no_damage()
    {
        using IScrub scrub = _store.OpenScrub()!;
        scrub.Read(1);
        string oldest = Segments[0];
        for (ulong sequence = 2; sequence < 12 && File.Exists(oldest); sequence++)
        {
            Fill(sequence);
            _store.Checkpoint(sequence);
        }
        Assert.False(File.Exists(oldest));
        Assert.True(ReadAll(scrub) > Keys * 1000);
    }

    [Fact]
    public void A_flip_in_the_page_where_a_checkpoint_ended_is_not_hidden_by_the_next_one()
    {
        string last = Segments[^1];
        Flip(last, new FileInfo(last).Length - 700);
        // Fewer bytes than a page: the last page is read again for the next checkpoint, which holds more of it.
        _store.Put(KeySpace.User, "one more"u8, new byte[100], 0, 2);
        StorageCorruptException found = Assert.Throws<StorageCorruptException>(() => _store.Checkpoint(2));
        Assert.Equal(last, found.File);
        using IScrub scrub = _store.OpenScrub()!;
        Assert.Throws<StorageCorruptException>(() => ReadAll(scrub));
    }

    [Fact]
    public void Compaction_does_not_go_over_a_damaged_page_and_the_writes_that_pay_for_it_go_on()
    {
        string oldest = Segments[0];
        // In the first record's head, which has no checksum of its own: a walk could take the record for a dead one.
        Flip(oldest, 64 + 6);
        for (ulong sequence = 2; sequence < 8; sequence++)
            Fill(sequence, firstKey: 1);
        Assert.Equal(oldest, _store.Damage?.File);
        _store.Checkpoint(8);
        Assert.True(File.Exists(oldest));
        Assert.Equal(Keys, _store.KeyCount);
    }

    private static long ReadAll(IScrub scrub)
    {
        long sum = 0;
        while (scrub.Read(64 << 10) is var read and > 0)
            sum += read;
        return sum;
    }

    private static void Flip(string path, long offset)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Position = offset;
        int was = file.ReadByte();
        file.Position = offset;
        file.WriteByte((byte)(was ^ 4));
    }

    private void Fill(ulong sequence, int firstKey = 0)
    {
        byte[] value = new byte[1000];
        for (int key = firstKey; key < Keys; key++)
        {
            BitConverter.TryWriteBytes(value, key + (int)sequence);
            _store.Put(KeySpace.User, BitConverter.GetBytes(key), value, 0, sequence);
        }
    }
}
