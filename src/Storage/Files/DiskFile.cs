using Microsoft.Win32.SafeHandles;

namespace ShardStore.Storage.Files;

internal sealed class DiskFile(string path, SafeFileHandle handle) : IFile
{
    public string Path { get; } = path;

    public long Length => RandomAccess.GetLength(handle);

    public int ReadAt(long offset, Span<byte> into)
    {
        var total = 0;
        while (total < into.Length)
        {
            var count = RandomAccess.Read(handle, into[total..], offset + total);
            if (count == 0)
                break;
            total += count;
        }
        return total;
    }

    public void ForgetCached() => LibC.ForgetCached(handle);

    public void WriteAt(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Preallocate(long length) => LibC.Preallocate(handle, Path, length);

    public void Sync() => LibC.SyncFile(handle, Path);

    public void Dispose() => handle.Dispose();
}
