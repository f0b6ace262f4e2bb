using ShardStore.Storage.Files;
using ShardStore.Storage.Log;
using Xunit;

namespace ShardStore.Storage.Tests.Log;

public sealed class AppendLogFailureTests : IDisposable
{
    private readonly LogTestFiles _files = new(
        new AppendLogOptions { SegmentBytes = 8192, CacheBytesMax = 100, Salt = 5 });

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_failed_sync_ends_the_log_and_is_never_tried_again()
    {
        _files.Append(1, 1, 3);
        var committed = LogModel.Describe(_files.Log);
        _files.Files.BeforeChange = what =>
        {
            if (what.StartsWith("sync", StringComparison.Ordinal))
                throw new FatalStorageException("fdatasync", what[5..], 5);
        };
        var error = Assert.Throws<FatalStorageException>(() => _files.Append(1, 4, 4));
        Assert.Equal(5, error.Errno);
        var syncs = _files.Files.Syncs;
        _files.Files.BeforeChange = null;
        Assert.Throws<FatalStorageException>(() => _files.Append(1, 4, 4));
        Assert.Throws<FatalStorageException>(() => _files.Log.LastPosition(1));
        Assert.Equal(syncs, _files.Files.Syncs);
        _files.Files = _files.Files.Crash(new Random(1));
        _files.Reopen();
        Assert.StartsWith(committed, LogModel.Describe(_files.Log));
    }

    [Fact]
    public void A_failed_write_ends_the_log()
    {
        _files.Append(1, 1, 3);
        _files.Files.BeforeChange = what => throw new IOException("input/output error");
        var error = Assert.Throws<FatalStorageException>(() => _files.Append(1, 4, 4));
        Assert.IsType<IOException>(error.InnerException);
        Assert.Throws<FatalStorageException>(() => _files.Log.Streams());
    }

    [Fact]
    public void A_full_disk_refuses_entries_but_not_reads_states_or_compaction_and_heals()
    {
        _files.Files.SpaceBytes = 3 * 8192;
        var last = FillUntilRefused();
        var committed = LogModel.Describe(_files.Log);
        _files.Commit(batch => batch.SetState(1, [1]));
        Assert.Equal(last, _files.Log.LastPosition(1));
        _files.Reopen();
        Assert.Contains(committed[(committed.IndexOf('\n') + 1)..], LogModel.Describe(_files.Log));
        _files.Commit(batch => batch.SetBase(1, last, 1));
        _files.Append(1, last + 1, last + 1, payloadBytes: 1000);
        Assert.Equal(last + 1, _files.Log.LastPosition(1));
    }

    [Fact]
    public void The_disk_stays_bounded_while_one_stream_is_idle_and_others_write_and_compact()
    {
        _files.Append(7, 1, 5, payloadBytes: 200);
        _files.Commit(batch => batch.SetState(7, [7, 7]));
        _files.Commit(batch => batch.SetBase(7, 2, 1));
        var idle = LogModel.Describe(_files.Log);
        var diskBytesMax = 0L;
        for (var position = 1UL; position <= 2000; position++)
        {
            _files.Append(9, position, position, payloadBytes: 300);
            if (position % 20 == 0)
                _files.Commit(batch => batch.SetBase(9, position - 10, 1));
            diskBytesMax = Math.Max(diskBytesMax, _files.Log.DiskBytes);
        }
        Assert.InRange(diskBytesMax, 8192, 6 * 8192);
        Assert.InRange(_files.Log.Counters.BytesCopied, 1, _files.Log.Counters.BytesWritten / 10);
        Assert.StartsWith(idle, LogModel.Describe(_files.Log));
        _files.Reopen();
        Assert.StartsWith(idle, LogModel.Describe(_files.Log));
    }

    [Fact]
    public async Task Readers_never_see_anything_wrong_while_segments_are_written_and_deleted()
    {
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() => ReadUntil(stop.Token));
        for (var position = 1UL; position <= 3000; position++)
        {
            _files.Append(1, position, position, payloadBytes: 100);
            if (position % 50 == 0)
                _files.Commit(batch => batch.SetBase(1, position - 30, 1));
        }
        await stop.CancelAsync();
        Assert.True(await reader > 0);
    }

    private int ReadUntil(CancellationToken stop)
    {
        var seen = 0;
        var records = new List<LogRecord>();
        while (!stop.IsCancellationRequested || seen == 0)
        {
            records.Clear();
            var first = _files.Log.FirstPosition(1);
            seen += _files.Log.Read(1, first, first + 20, 2000, records);
            foreach (var record in records)
                Assert.Equal(LogTestFiles.Payload(1, record.Position, 100), record.Payload.ToArray());
        }
        return seen;
    }

    private ulong FillUntilRefused()
    {
        for (var position = 1UL; ; position++)
        {
            try
            {
                _files.Append(1, position, position, payloadBytes: 1000);
            }
            catch (LogSpaceException error)
            {
                Assert.Contains("No space left on device", error.Message);
                return position - 1;
            }
        }
    }
}
