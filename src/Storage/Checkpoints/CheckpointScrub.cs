using Microsoft.Win32.SafeHandles;
using ShardStore.Storage.Files;
using ShardStore.Storage.Native;

namespace ShardStore.Storage.Checkpoints;

/// <summary>Reads a durable checkpoint again: its manifest, then every log page. All files are opened when it is made,
/// by the store's own thread, so that the store may delete them meanwhile. The system is asked to forget what it has
/// cached before each piece is read: else the bytes compared would be those in memory, and what lies below them on the
/// disk would be seen by nobody until the next start.</summary>
internal sealed class CheckpointScrub : IScrub
{
    private readonly CheckpointManifest _manifest;
    private readonly string _manifestPath;
    private readonly SafeFileHandle _manifestFile;
    private readonly SegmentFiles _files;
    private byte[] _page = [];
    private int _next;
    private bool _manifestRead;

    public CheckpointScrub(string directory, CheckpointManifest manifest)
    {
        _manifest = manifest;
        _manifestPath = StoreFiles.Manifest(directory, manifest.Number);
        _manifestFile = OpenFile(_manifestPath);
        try
        {
            _files = new SegmentFiles(StoreFiles.Generation(directory, manifest.Generation), manifest.SegmentBytes);
        }
        catch
        {
            _manifestFile.Dispose();
            throw;
        }
    }

    public int Read(int bytesMax)
    {
        if (!_manifestRead)
            return ReadManifest();
        int read = 0;
        while (read < bytesMax && _next < _manifest.PageCrcs.Length)
            read += ReadPage();
        return read;
    }

    public void Dispose()
    {
        _manifestFile.Dispose();
        _files.Dispose();
    }

    private static SafeFileHandle OpenFile(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException missing)
        {
            throw new StorageCorruptException(path, 0, "the newest checkpoint's manifest, but it is missing", missing);
        }
    }

    private int ReadManifest()
    {
        _manifestRead = true;
        byte[] expected = _manifest.Write();
        byte[] found = new byte[RandomAccess.GetLength(_manifestFile)];
        LibC.ForgetCached(_manifestFile, 0, found.Length);
        try
        {
            RandomAccess.Read(_manifestFile, found, 0);
        }
        catch (IOException failure)
        {
            throw new StorageCorruptException(_manifestPath, 0, $"readable bytes: {failure.Message}", failure);
        }
        int same = found.AsSpan().CommonPrefixLength(expected);
        return same == expected.Length && same == found.Length
            ? found.Length
            : throw new StorageCorruptException(_manifestPath, same, "the checkpoint manifest as it was written");
    }

    private int ReadPage()
    {
        int index = _next++;
        int length = PageChecks.LengthOf(_manifest, index);
        if (_page.Length < length)
            _page = new byte[length];
        long address = (_manifest.FirstPage + index) * _manifest.PageBytes;
        _files.ForgetCached(address, length);
        PageChecks.Verify(_files, _manifest, index, _page);
        // Once read the page would only push out what clients ask for.
        _files.ForgetCached(address, length);
        return length;
    }
}
