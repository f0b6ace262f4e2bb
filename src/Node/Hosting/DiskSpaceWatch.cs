using System.Globalization;
using Microsoft.Extensions.Logging;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Hosting;

/// <summary>Looks at the free space of the data directory's file system ten times a second: often enough that what a
/// fast disk can write in between fits into the reserve many times.</summary>
public sealed class DiskSpaceWatch : IDiskSpace, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private readonly string _directory;
    private readonly string _node;
    private readonly long _reserveBytes;
    private readonly ILogger _logger;
    private readonly Timer _timer;
    private int _looking;
    private long _freeBytes;
    private long _totalBytes;
    private volatile bool _isLow;

    public DiskSpaceWatch(string directory, string node, long reserveBytes, ILogger logger)
    {
        _directory = directory;
        _node = node;
        _reserveBytes = reserveBytes;
        _logger = logger;
        Measure();
        _timer = new Timer(_ => Look(), null, Period, Period);
    }

    public long FreeBytes => Interlocked.Read(ref _freeBytes);

    /// <summary>Used part of the file system, 0..1, as far as this process may use it.</summary>
    public double UsedShare =>
        Interlocked.Read(ref _totalBytes) is > 0 and var total ? Math.Clamp(1 - ((double)FreeBytes / total), 0, 1) : 0;

    public bool IsLow => _isLow;

    public bool IsExhausted => FreeBytes < FloorBytes;

    public string Refusal => string.Create(CultureInfo.InvariantCulture,
        $"MISCONF the disk of node {_node} is nearly full: {FreeBytes} bytes free in {_directory}, {LeaveLowBytes} are "
        + $"needed; writes are refused until there is room, reads and deletes go on");

    // A quarter of the reserve: what is left for votes, terms and compaction when entries must wait.
    private long FloorBytes => _reserveBytes / 4;

    // Higher than where it began, or refusing would itself make it flicker.
    private long LeaveLowBytes => _reserveBytes + (_reserveBytes / 8);

    public bool HasRoomFor(long bytes) => FreeBytes - bytes >= FloorBytes;

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        // A file system that hangs holds this look up; the next ones must not pile up behind it.
        if (Interlocked.Exchange(ref _looking, 1) != 0)
            return;
        try
        {
            Measure();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What was seen last stands; a disk that is gone shows in the next write.
            ControllerLog.SpaceUnknown(_logger, _directory, failure.Message);
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    private void Measure()
    {
        var drive = new DriveInfo(_directory);
        var free = drive.AvailableFreeSpace;
        Interlocked.Exchange(ref _freeBytes, free);
        Interlocked.Exchange(ref _totalBytes, drive.TotalSize);
        var isLow = free < (_isLow ? LeaveLowBytes : _reserveBytes);
        if (isLow == _isLow)
            return;
        _isLow = isLow;
        if (isLow)
            ControllerLog.DiskLow(_logger, _directory, free, _reserveBytes);
        else
            ControllerLog.DiskHasRoom(_logger, _directory, free);
    }
}
