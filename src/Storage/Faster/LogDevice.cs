using System.Collections.Concurrent;
using System.Globalization;
using FASTER.core;
using Microsoft.Win32.SafeHandles;
using ShardStore.Storage.Native;

namespace ShardStore.Storage.Faster;

/// <summary>Where FASTER's log pages go: numbered segment files, written in the background through the page cache and
/// made durable by <see cref="Sync"/>. FASTER's own device neither syncs directories nor tells its caller of a failed
/// write, so the first failure is kept here and every later use of the store throws it. FASTER's requests to delete
/// segments are not followed: the newest checkpoint may need them; <see cref="DeleteBelow"/> does it when told.
/// </summary>
internal sealed class LogDevice(string directory) : StorageDeviceBase(Path.Combine(directory, "log"), Sector, -1)
{
    public const uint Sector = 512;
    private readonly ConcurrentDictionary<int, SafeFileHandle> _segments = new();
    private readonly ConcurrentDictionary<int, bool> _dirty = new();
    private readonly Lock _creating = new();
    private IOException? _failure;
    private volatile bool _directoryDirty = true;
    private bool _disposed;
    private int _writesInFlight;

    public void ThrowIfFailed()
    {
        if (Volatile.Read(ref _failure) is { } failure)
            throw new IOException($"{directory}: an earlier failure stopped this store: {failure.Message}", failure);
    }

    public void Fail(IOException failure) => Interlocked.CompareExchange(ref _failure, failure, null);

    public override void WriteAsync(nint sourceAddress, int segmentId, ulong destinationAddress,
        uint numBytesToWrite, DeviceIOCompletionCallback callback, object context)
    {
        Interlocked.Increment(ref _writesInFlight);
        ThreadPool.UnsafeQueueUserWorkItem(_ =>
        {
            uint error = TryWrite(sourceAddress, segmentId, (long)destinationAddress, (int)numBytesToWrite) ? 0u : 1u;
            callback(error, numBytesToWrite, context);
            Interlocked.Decrement(ref _writesInFlight);
        }, null);
    }

    /// <summary>Waits for the writes under way: they read FASTER's memory, which must not go before them.</summary>
    public void Drain()
    {
        SpinWait wait = default;
        while (Volatile.Read(ref _writesInFlight) != 0)
            wait.SpinOnce();
    }

    /// <summary>Reads at once: the caller, a store's only thread, waits for the record anyway. What lies behind the
    /// end of a file reads as zeros, as FASTER expects of a page that is not full.</summary>
    public override void ReadAsync(int segmentId, ulong sourceAddress, nint destinationAddress, uint readLength,
        DeviceIOCompletionCallback callback, object context)
    {
        bool done = TryRead(segmentId, (long)sourceAddress, destinationAddress, (int)readLength);
        callback(done ? 0u : 1u, readLength, context);
    }

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) =>
        callback(result);

    public override long GetFileSize(int segment) => RandomAccess.GetLength(Open(segment));

    /// <summary>Makes every write that has ended durable, with the names of new files.</summary>
    public void Sync()
    {
        ThrowIfFailed();
        try
        {
            foreach (int segment in _dirty.Keys)
            {
                if (_dirty.TryRemove(segment, out _))
                    Libc.SyncFile(Open(segment), PathOf(directory, segment));
            }
            if (!_directoryDirty)
                return;
            _directoryDirty = false;
            Libc.SyncDirectory(directory);
        }
        catch (IOException failure)
        {
            Fail(failure);
            throw;
        }
    }

    /// <summary>Reads a part of the log from its file, not from FASTER's memory, and tells which file. What lies behind
    /// the file's end reads as zeros.</summary>
    public string ReadAt(long address, long segmentBytes, Span<byte> into)
    {
        int segment = (int)(address / segmentBytes);
        into.Clear();
        for (int filled = 0; filled < into.Length;)
        {
            int got = RandomAccess.Read(Open(segment), into[filled..], (address % segmentBytes) + filled);
            if (got == 0)
                break;
            filled += got;
        }
        return PathOf(directory, segment);
    }

    public void DeleteBelow(int segment)
    {
        foreach (int each in SegmentsOf(directory))
        {
            if (each >= segment)
                continue;
            if (_segments.TryRemove(each, out SafeFileHandle? open))
                open.Dispose();
            File.Delete(PathOf(directory, each));
        }
    }

    public override void Dispose()
    {
        lock (_creating)
        {
            _disposed = true;
            foreach (SafeFileHandle segment in _segments.Values)
                segment.Dispose();
            _segments.Clear();
        }
    }

    public static string PathOf(string directory, int segment) =>
        Path.Combine(directory, "log." + segment.ToString("D8", CultureInfo.InvariantCulture));

    public static IEnumerable<int> SegmentsOf(string directory)
    {
        foreach (string path in Directory.GetFiles(directory, "log.*"))
        {
            if (int.TryParse(Path.GetExtension(path.AsSpan())[1..], CultureInfo.InvariantCulture, out int segment))
                yield return segment;
        }
    }

    private SafeFileHandle Open(int segment) =>
        _segments.TryGetValue(segment, out SafeFileHandle? open) ? open : OpenNew(segment);

    private SafeFileHandle OpenNew(int segment)
    {
        lock (_creating)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_segments.TryGetValue(segment, out SafeFileHandle? open))
                return open;
            _directoryDirty = true;
            return _segments[segment] = File.OpenHandle(PathOf(directory, segment), FileMode.OpenOrCreate,
                FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
    }

    private unsafe bool TryWrite(nint source, int segment, long offset, int length)
    {
        try
        {
            RandomAccess.Write(Open(segment), new ReadOnlySpan<byte>((void*)source, length), offset);
            _dirty[segment] = true;
            return true;
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Fail(new IOException($"{PathOf(directory, segment)}: write of {length} bytes at {offset}: "
                + failure.Message, failure));
            return false;
        }
    }

    private unsafe bool TryRead(int segment, long offset, nint target, int length)
    {
        Span<byte> rest = new((void*)target, length);
        try
        {
            while (!rest.IsEmpty)
            {
                int got = RandomAccess.Read(Open(segment), rest, offset);
                if (got == 0)
                    break;
                offset += got;
                rest = rest[got..];
            }
            rest.Clear();
            return true;
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            rest.Clear();
            Fail(new IOException($"{PathOf(directory, segment)}: read of {length} bytes at {offset}: "
                + failure.Message, failure));
            return false;
        }
    }
}
