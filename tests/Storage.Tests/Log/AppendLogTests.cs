using ShardStore.Storage.Log;
using Xunit;

namespace ShardStore.Storage.Tests.Log;

public sealed class AppendLogTests : IDisposable
{
    private readonly LogTestFiles _files = new();

    private AppendLog Log => _files.Log;

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Entries_of_many_streams_come_back_in_order_with_their_tags()
    {
        for (var stream = 1UL; stream <= 5; stream++)
            _files.Append(stream, 1, stream * 3, tag: stream + 10);
        AssertAll();
        _files.Reopen();
        AssertAll();

        void AssertAll()
        {
            Assert.Equal([1UL, 2, 3, 4, 5], Log.Streams());
            for (var stream = 1UL; stream <= 5; stream++)
            {
                var records = Read(stream, 1, 100);
                Assert.Equal(stream * 3, (ulong)records.Count);
                Assert.All(records, record => Assert.Equal(stream + 10, record.Tag));
                foreach (var record in records)
                    Assert.Equal(LogTestFiles.Payload(stream, record.Position, 10), record.Payload.ToArray());
            }
        }
    }

    [Fact]
    public void One_batch_costs_one_sync_however_many_streams_it_touches()
    {
        _files.Append(1, 1, 1);
        var before = _files.Files.Syncs;
        _files.Commit(batch =>
        {
            for (var stream = 1UL; stream <= 100; stream++)
            {
                batch.Append(stream, stream == 1 ? 2UL : 1, 1, 1, new byte[8]);
                batch.SetState(stream, new byte[24]);
            }
        });
        Assert.Equal(before + 1, _files.Files.Syncs);
    }

    [Fact]
    public void An_entry_in_place_of_an_older_one_drops_all_after_it()
    {
        _files.Append(1, 1, 10, tag: 1);
        _files.Append(1, 4, 5, tag: 2);
        _files.Reopen();
        Assert.Equal(5UL, Log.LastPosition(1));
        Assert.True(Log.TryGetTag(1, 3, out var kept) && kept == 1);
        Assert.True(Log.TryGetTag(1, 4, out var replaced) && replaced == 2);
        Assert.False(Log.TryGetTag(1, 6, out _));
    }

    [Theory]
    [InlineData(1UL, 6UL, 10UL)] // the tag matches: compaction keeps 6..10
    [InlineData(9UL, 6UL, 5UL)] // it does not: a snapshot replaced everything
    public void A_new_base_drops_what_it_covers(ulong tag, ulong first, ulong last)
    {
        _files.Append(1, 1, 10, tag: 1);
        _files.Commit(batch => batch.SetBase(1, 5, tag));
        _files.Reopen();
        Assert.Equal((5UL, tag), Log.Base(1));
        Assert.Equal(first, Log.FirstPosition(1));
        Assert.Equal(last, Log.LastPosition(1));
        Assert.True(Log.TryGetTag(1, 5, out var found) && found == tag);
        Assert.False(Log.TryGetTag(1, 4, out _));
    }

    [Fact]
    public void A_base_beyond_the_end_makes_the_stream_go_on_from_there()
    {
        _files.Append(1, 1, 3);
        _files.Commit(batch =>
        {
            batch.SetBase(1, 100, 7);
            batch.Append(1, 101, 8, 1, new byte[1]);
            batch.SetBase(1, 101, 8);
        });
        _files.Reopen();
        Assert.Equal((101UL, 8UL), Log.Base(1));
        Assert.Equal((102UL, 101UL), (Log.FirstPosition(1), Log.LastPosition(1)));
    }

    [Fact]
    public void A_dropped_stream_is_gone_and_may_begin_anew()
    {
        _files.Append(1, 1, 3);
        _files.Commit(batch => batch.SetState(1, [1, 2]));
        _files.Commit(batch => batch.DropStream(1));
        Assert.Empty(Log.Streams());
        _files.Reopen();
        Assert.Empty(Log.Streams());
        Assert.True(Log.State(1).IsEmpty);
        _files.Append(1, 1, 1, tag: 5);
        Assert.True(Log.TryGetTag(1, 1, out var tag) && tag == 5);
    }

    [Fact]
    public void The_latest_state_of_a_stream_is_kept()
    {
        _files.Commit(batch => batch.SetState(1, [1, 2, 3]));
        _files.Commit(batch =>
        {
            batch.SetState(1, [4]);
            batch.SetState(2, []);
        });
        _files.Reopen();
        Assert.Equal([4], Log.State(1).ToArray());
        Assert.Equal([1UL, 2], Log.Streams());
    }

    [Fact]
    public void A_read_stops_at_its_bytes_but_returns_at_least_one_entry()
    {
        _files.Append(1, 1, 10, payloadBytes: 100);
        Assert.Equal(3, Read(1, 2, 10, bytesMax: 300).Count);
        Assert.Single(Read(1, 2, 10, bytesMax: 0));
        Assert.Equal(2, Read(1, 9, 50).Count);
        Assert.Empty(Read(1, 11, 50));
        Assert.Empty(Read(1, 0, 50));
        Assert.Empty(Read(7, 1, 50));
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(3UL)]
    [InlineData(12UL)]
    public void A_position_out_of_order_is_refused_and_changes_nothing(ulong position)
    {
        _files.Append(1, 1, 10);
        _files.Commit(batch => batch.SetBase(1, 3, 1));
        var before = LogModel.Describe(Log);
        var error = Assert.Throws<ArgumentException>(() => _files.Commit(batch =>
        {
            batch.SetState(1, [1]);
            batch.Append(1, position, 1, 1, default);
        }));
        Assert.Contains($"stream 1: position {position} cannot be appended, allowed are 4 to 11", error.Message);
        Assert.Equal(before, LogModel.Describe(Log));
        _files.Append(1, 11, 11);
    }

    [Fact]
    public void Entries_that_left_the_cache_are_read_from_disk()
    {
        using var files = new LogTestFiles(new AppendLogOptions { SegmentBytes = 16384, CacheBytesMax = 500 });
        files.Append(1, 1, 40, payloadBytes: 100);
        var records = new List<LogRecord>();
        Assert.Equal(40, files.Log.Read(1, 1, 40, long.MaxValue, records));
        Assert.All(records, record =>
            Assert.Equal(LogTestFiles.Payload(1, record.Position, 100), record.Payload.ToArray()));
        Assert.Equal(35, files.Log.Counters.DiskReads);
    }

    [Fact]
    public void A_batch_larger_than_a_segment_gets_one_of_its_own()
    {
        _files.Append(1, 1, 1, payloadBytes: 100_000);
        _files.Append(1, 2, 2);
        _files.Reopen();
        Assert.Equal(LogTestFiles.Payload(1, 1, 100_000), Read(1, 1, 1)[0].Payload.ToArray());
        Assert.Equal(2UL, Log.LastPosition(1));
    }

    private List<LogRecord> Read(ulong stream, ulong from, ulong to, long bytesMax = long.MaxValue)
    {
        var records = new List<LogRecord>();
        Assert.Equal(Log.Read(stream, from, to, bytesMax, records), records.Count);
        return records;
    }
}
