using System.Buffers.Binary;
using ShardStore.Storage.Files;
using ShardStore.Storage.Log;
using Xunit;

namespace ShardStore.Storage.Tests.Log;

/// <summary>Every byte at which a write can be cut, and every byte that can go bad.</summary>
public sealed class AppendLogCrashTests : IDisposable
{
    private readonly LogTestFiles _files = new(new AppendLogOptions { SegmentBytes = 4096, Salt = 3 });

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_last_batch_cut_at_any_byte_is_gone_as_a_whole_and_the_log_goes_on()
    {
        _files.Append(1, 1, 3);
        var committed = LogModel.Describe(_files.Log);
        var (start, end) = CommitAndMeasure(() => _files.Append(1, 4, 6));
        var whole = (byte[])_files.Segment().Bytes.Clone();
        // The last bytes of a batch may be padding, which is zero whether it was written or not.
        for (var cut = start; cut < end - LogTestPadding(end); cut++)
        {
            _files.Segment().Bytes = (byte[])whole.Clone();
            _files.Segment().Bytes.AsSpan(cut).Clear();
            _files.Reopen();
            Assert.Equal(committed, LogModel.Describe(_files.Log));
            // A shorter batch in its place must not leave readable remains of the torn one behind it.
            _files.Append(2, 1, 1);
            var after = LogModel.Describe(_files.Log);
            _files.Reopen();
            Assert.Equal(after, LogModel.Describe(_files.Log));
        }

        static int LogTestPadding(int end) => end % 8 == 0 ? 8 : 0;
    }

    [Fact]
    public void A_flip_of_any_byte_before_the_last_batch_is_refused_and_nothing_is_cut()
    {
        _files.Append(1, 1, 2);
        var (start, end) = CommitAndMeasure(() => _files.Append(2, 1, 3, payloadBytes: 13));
        _files.Append(1, 3, 4);
        var whole = (byte[])_files.Segment().Bytes.Clone();
        for (var at = start; at < end; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x40;
            _files.Segment().Bytes = damaged;
            var error = Assert.Throws<StorageCorruptException>(_files.Reopen);
            Assert.Equal(_files.Segment().Path, error.File);
            Assert.Equal(start, error.Offset);
            Assert.Equal(damaged, _files.Segment().Bytes);
        }
    }

    [Fact]
    public void A_zeroed_sector_in_the_middle_is_refused()
    {
        for (var position = 1UL; position <= 30; position++)
            _files.Append(1, position, position, payloadBytes: 20);
        _files.Segment().Bytes.AsSpan(1024, 512).Clear();
        Assert.Throws<StorageCorruptException>(_files.Reopen);
    }

    [Fact]
    public void Damage_at_the_end_of_an_older_segment_is_refused()
    {
        for (var position = 1UL; position <= 60; position++)
            _files.Append(1, position, position, payloadBytes: 100);
        var segment = _files.Segment(1).Bytes;
        var last = segment.AsSpan().LastIndexOfAnyExcept((byte)0);
        segment[last] ^= 1;
        var error = Assert.Throws<StorageCorruptException>(_files.Reopen);
        Assert.Contains("the next segment begins with batch", error.Message);
    }

    [Fact]
    public void A_missing_segment_between_others_is_refused()
    {
        for (var position = 1UL; position <= 90; position++)
            _files.Append(1, position, position, payloadBytes: 100);
        _files.Files.Delete(_files.Segment(2).Path);
        var error = Assert.Throws<StorageCorruptException>(_files.Reopen);
        Assert.Contains("0000000000000002.log", error.Message);
    }

    [Fact]
    public void A_missing_oldest_segment_with_live_entries_is_refused()
    {
        for (var position = 1UL; position <= 90; position++)
            _files.Append(1, position, position, payloadBytes: 100);
        _files.Files.Delete(_files.Segment(1).Path);
        var error = Assert.Throws<StorageCorruptException>(_files.Reopen);
        Assert.Contains("an entry of stream 1 at position 1 was expected", error.Message);
    }

    [Fact]
    public void A_flip_in_an_entry_is_found_when_it_is_read_back()
    {
        using var files = new LogTestFiles(new AppendLogOptions { SegmentBytes = 4096, CacheBytesMax = 0 });
        files.Append(1, 1, 3, payloadBytes: 50);
        files.Segment().Bytes[64 + 32 + 40 + 20] ^= 1;
        var error = Assert.Throws<StorageCorruptException>(() => files.Log.Read(1, 1, 1, 1000, []));
        Assert.Contains("stream 1 at position 1", error.Message);
    }

    [Fact]
    public void A_segment_of_a_newer_version_is_refused_by_name_and_left_alone()
    {
        _files.Append(1, 1, 3);
        var bytes = _files.Segment().Bytes;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Crc32C.Compute(bytes.AsSpan(0, 60)));
        var before = (byte[])bytes.Clone();
        var error = Assert.Throws<StorageVersionException>(_files.Reopen);
        Assert.Contains("format version 2 is not supported", error.Message);
        Assert.Equal(before, _files.Segment().Bytes);
    }

    [Fact]
    public void A_damaged_header_before_batches_is_refused()
    {
        _files.Append(1, 1, 3);
        _files.Segment().Bytes[10] ^= 1;
        Assert.Throws<StorageCorruptException>(_files.Reopen);
    }

    [Fact]
    public void Batches_inside_a_payload_are_not_taken_for_batches_of_the_log()
    {
        // A client's value holds the bytes of another log, batch numbers and all.
        using var other = new LogTestFiles(new AppendLogOptions { SegmentBytes = 4096, Salt = 4 });
        for (var position = 1UL; position <= 20; position++)
            other.Append(1, position, position);
        var stolen = other.Segment().Bytes[64..2048];
        _files.Append(1, 1, 1);
        var committed = LogModel.Describe(_files.Log);
        var (start, _) = CommitAndMeasure(() => _files.Commit(batch => batch.Append(1, 2, 1, 1, stolen)));
        _files.Segment().Bytes[start] ^= 1;
        _files.Reopen();
        Assert.Equal(committed, LogModel.Describe(_files.Log));
    }

    private (int Start, int End) CommitAndMeasure(Action commit)
    {
        var before = (byte[])_files.Segment().Bytes.Clone();
        commit();
        var after = _files.Segment().Bytes;
        var start = before.AsSpan().CommonPrefixLength(after);
        var end = after.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        return (start, (end + 7) & -8);
    }
}
