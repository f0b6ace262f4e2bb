using System.Diagnostics;
using ShardStore.Storage.Files;
using ShardStore.Storage.Log;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Storage.Tests.Log;

/// <summary>The real disk, with real errors injected by the kernel's tracing interface.</summary>
public sealed class DiskFileSystemTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ITestOutputHelper _output;
    private readonly string _directory = Directory.CreateTempSubdirectory("shardstore-log-").FullName;
    private readonly DiskFileSystem _files = DiskFileSystem.Instance;

    public DiskFileSystemTests(ITestOutputHelper output) => _output = output;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_log_on_a_real_disk_comes_back_after_reopening()
    {
        var options = new AppendLogOptions { SegmentBytes = 64 * 1024, CacheBytesMax = 0 };
        string written;
        using (var log = AppendLog.Open(_files, _directory, options))
        {
            CommitOne(log, 1);
            CommitOne(log, 2);
            written = LogModel.Describe(log);
            Assert.Equal(64 * 1024, log.DiskBytes);
            Assert.True(log.Counters.SyncMicros(0.99) > 0);
        }
        using var again = AppendLog.Open(_files, _directory, options);
        Assert.Equal(written, LogModel.Describe(again));
    }

    [Fact]
    public void Files_are_made_renamed_listed_and_deleted()
    {
        var (first, second) = (Path.Combine(_directory, "b"), Path.Combine(_directory, "a"));
        using (var file = _files.Create(first))
        {
            file.Preallocate(1000);
            file.WriteAt(10, [1, 2, 3]);
            file.Sync();
            Assert.Equal(1000, file.Length);
            Assert.Throws<IOException>(() => _files.Create(first));
        }
        _files.Rename(first, second);
        _files.SyncDirectory(_directory);
        Assert.Equal(["a"], _files.ListFiles(_directory));
        Assert.Throws<FileNotFoundException>(() => _files.Open(first));
        using (var file = _files.Open(second))
        {
            var bytes = new byte[4];
            Assert.Equal(4, file.ReadAt(9, bytes));
            Assert.Equal([0, 1, 2, 3], bytes);
            Assert.Equal(0, file.ReadAt(1000, bytes));
        }
        _files.Delete(second);
        Assert.Throws<FileNotFoundException>(() => _files.Delete(second));
        Assert.True(_files.AvailableBytes(_directory) > 0);
    }

    [Fact]
    public void Space_that_does_not_exist_is_refused_when_it_is_reserved()
    {
        using var file = _files.Create(Path.Combine(_directory, "huge"));
        var error = Assert.Throws<IOException>(() => file.Preallocate(long.MaxValue / 2));
        Assert.Contains("cannot reserve", error.Message);
    }

    [Fact]
    public async Task A_sync_that_the_kernel_fails_is_fatal_and_the_committed_part_survives()
    {
        var options = new AppendLogOptions { SegmentBytes = 64 * 1024 };
        using var log = AppendLog.Open(_files, _directory, options);
        CommitOne(log, 1);
        var segment = Directory.GetFiles(_directory).Single();
        using var strace = StartStrace(segment);
        if (strace is null || !await IsAttached(strace))
        {
            _output.WriteLine("SKIPPED: strace is missing or may not trace this process");
            return;
        }
        var error = Assert.Throws<FatalStorageException>(() => CommitOne(log, 2));
        strace.Kill();
        await strace.WaitForExitAsync().WaitAsync(Deadline);
        Assert.Equal(5, error.Errno);
        Assert.Contains(segment, error.Message);
        Assert.Throws<FatalStorageException>(() => CommitOne(log, 2));
        log.Dispose();
        using var again = AppendLog.Open(_files, _directory, options);
        Assert.InRange(again.LastPosition(1), 1UL, 2UL);
    }

    private static void CommitOne(AppendLog log, ulong position)
    {
        var batch = new LogBatch();
        batch.Append(1, position, 1, 1, LogTestFiles.Payload(1, position, 100));
        log.Commit(batch);
    }

    // Only calls on the given file are touched: other tests of this process go on undisturbed.
    private static Process? StartStrace(string path)
    {
        var start = new ProcessStartInfo("strace") { RedirectStandardError = true };
        foreach (var argument in new[]
        {
            "-f", "-p", Environment.ProcessId.ToString(), "-P", path,
            "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO",
        })
            start.ArgumentList.Add(argument);
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static async Task<bool> IsAttached(Process strace)
    {
        while (await strace.StandardError.ReadLineAsync().WaitAsync(Deadline) is { } line)
        {
            if (line.Contains("attached", StringComparison.Ordinal)
                && !line.Contains("Operation not permitted", StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
