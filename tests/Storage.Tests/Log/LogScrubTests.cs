using ShardStore.Storage.Log;
using Xunit;

namespace ShardStore.Storage.Tests.Log;

/// <summary>A running log is read again; a damaged segment is told, emptied of what is live, and deleted.</summary>
public sealed class LogScrubTests : IDisposable
{
    private const ulong Last = 60;
    private readonly LogTestFiles _files = new(
        new AppendLogOptions { SegmentBytes = 8192, CacheBytesMax = 2000, Salt = 5 });

    public LogScrubTests()
    {
        _files.Append(7, 1, 2, payloadBytes: 100);
        _files.Commit(batch => batch.SetState(7, [7, 7]));
        for (var position = 1UL; position <= Last; position++)
            _files.Append(9, position, position, payloadBytes: 500);
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_sound_log_is_read_to_its_end_and_nothing_is_found()
    {
        using var scrub = _files.Log.OpenScrub();
        Assert.InRange(ReadAll(scrub), 60 * 500, 60 * 600);
        Assert.Empty(_files.Log.Damage);
    }

    [Fact]
    public void What_is_written_while_a_segment_is_read_waits_for_the_next_pass()
    {
        using var scrub = _files.Log.OpenScrub();
        while (scrub.Read(1) > 0)
            _files.Append(8, _files.Log.LastPosition(8) + 1, _files.Log.LastPosition(8) + 1, payloadBytes: 3000);
        Assert.Empty(_files.Log.Damage);
    }

    [Fact]
    public void A_flip_of_any_byte_of_any_batch_is_found()
    {
        var file = _files.Segment(1);
        var end = Array.FindLastIndex(file.Bytes, value => value != 0);
        for (var offset = 0; offset <= end; offset += 7)
        {
            file.Bytes[offset] ^= 16;
            var log = Reread();
            file.Bytes[offset] ^= 16;
            Assert.True(log is { File: var path } && path == file.Path, $"offset {offset}");
        }
        Assert.Null(Reread());
    }

    [Fact]
    public void A_damaged_segment_is_emptied_and_deleted_and_the_log_opens_again()
    {
        var file = _files.Segment(2);
        file.Bytes[3000] ^= 1;
        var damage = Assert.Throws<StorageCorruptException>(() => ReadAll(_files.Log.OpenScrub()));
        Assert.Equal(file.Path, damage.File);
        Assert.Equal(2UL, Assert.Single(_files.Log.Damage).Segment);
        CommitUntil(() => _files.Log.Unreadable().Count > 0);
        var (stream, position) = Assert.Single(_files.Log.Unreadable());
        Assert.Equal(9UL, stream);
        Assert.InRange(position, 15UL, 40UL);
        _files.Commit(batch => batch.SetBase(9, position, 1));
        CommitUntil(() => _files.Log.Damage.Count == 0);
        Assert.False(_files.Files.FileExists(file.Path));
        Assert.Empty(_files.Log.Unreadable());
        AssertHolds(position + 1);
        _files.Reopen();
        AssertHolds(position + 1);
        ReadAll(_files.Log.OpenScrub());
    }

    /// <summary>Seeds 156011 and 156482, once: an owner waited to get past entries that another leader had replaced.
    /// </summary>
    [Fact]
    public void Entries_that_were_replaced_need_not_be_passed()
    {
        _files.Segment(2).Bytes[3000] ^= 1;
        Assert.Throws<StorageCorruptException>(() => ReadAll(_files.Log.OpenScrub()));
        CommitUntil(() => _files.Log.Unreadable().Count > 0);
        var position = _files.Log.Unreadable()[0].Position;
        _files.Append(9, position, position, payloadBytes: 500);
        Assert.Equal((9UL, position - 1), Assert.Single(_files.Log.Unreadable()));
        _files.Commit(batch => batch.SetBase(9, position - 1, 1));
        CommitUntil(() => _files.Log.Damage.Count == 0);
        Assert.Equal(position, _files.Log.LastPosition(9));
        _files.Reopen();
        Assert.Equal(position, _files.Log.LastPosition(9));
    }

    [Fact]
    public void A_damaged_segment_whose_entries_are_all_in_memory_loses_none_of_them()
    {
        var number = (ulong)_files.Files.Files.Count(file => file.Path.EndsWith(".log", StringComparison.Ordinal));
        var file = _files.Segment(number);
        var last = Array.FindLastIndex(file.Bytes, value => value != 0);
        file.Bytes[last] ^= 1;
        Assert.Throws<StorageCorruptException>(() => ReadAll(_files.Log.OpenScrub()));
        // It was the one being written: nothing more goes into it.
        CommitUntil(() => _files.Log.Damage.Count == 0);
        Assert.False(_files.Files.FileExists(file.Path));
        AssertHolds(1);
        _files.Reopen();
        AssertHolds(1);
    }

    [Fact]
    public void An_entry_that_cannot_be_read_names_its_segment()
    {
        var file = _files.Segment(2);
        for (var offset = 100; offset < 8000; offset += 100)
            file.Bytes[offset] ^= 1;
        Assert.Throws<StorageCorruptException>(() => _files.Log.Read(9, 1, Last, long.MaxValue, []));
        Assert.Equal(2UL, Assert.Single(_files.Log.Damage).Segment);
    }

    private StorageCorruptException? Reread()
    {
        try
        {
            ReadAll(_files.Log.OpenScrub());
            return null;
        }
        catch (StorageCorruptException damage)
        {
            return damage;
        }
    }

    private static long ReadAll(IScrub scrub)
    {
        var sum = 0L;
        while (scrub.Read(1000) is var read and > 0)
            sum += read;
        return sum;
    }

    private void CommitUntil(Func<bool> isDone)
    {
        for (var commits = 0; !isDone(); commits++)
        {
            Assert.True(commits < 100, "100 commits, and not done");
            _files.Commit(batch => batch.SetState(8, [8]));
        }
    }

    private void AssertHolds(ulong from)
    {
        List<LogRecord> records = [];
        Assert.Equal((int)(Last - from + 1), _files.Log.Read(9, from, Last, long.MaxValue, records));
        foreach (var record in records)
            Assert.Equal(LogTestFiles.Payload(9, record.Position, 500), record.Payload.ToArray());
        Assert.Equal(2, _files.Log.Read(7, 1, 2, long.MaxValue, records));
        Assert.Equal(new byte[] { 7, 7 }, _files.Log.State(7).ToArray());
    }
}
