using System.Globalization;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Disks;

/// <summary>A file system in memory of a size that a test can fill, mounted on a directory of the cluster.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _filler;

    private SmallDisk(string path)
    {
        Path = path;
        _filler = System.IO.Path.Combine(path, "filler");
    }

    public string Path { get; }

    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    public static async Task<SmallDisk> MountAsync(string path, int sizeMb)
    {
        Directory.CreateDirectory(path);
        (await ToolProcess.RunAsync("mount", "-t", "tmpfs", "-o", $"size={Text(sizeMb)}m", "none", path)).Checked();
        return new SmallDisk(path);
    }

    /// <summary>A disk of its own, with a journal, that can be frozen. Its image takes what is written.</summary>
    public static async Task<SmallDisk> MountExt4Async(string path, string image, int sizeMb)
    {
        Directory.CreateDirectory(path);
        (await ToolProcess.RunAsync("truncate", "-s", $"{Text(sizeMb)}M", image)).Checked();
        (await ToolProcess.RunAsync("mkfs.ext4", "-q", "-F", "-m", "0", image)).Checked();
        (await ToolProcess.RunAsync("mount", "-o", "loop", image, path)).Checked();
        Directory.Delete(System.IO.Path.Combine(path, "lost+found"));
        return new SmallDisk(path);
    }

    /// <summary>Every write and sync waits until the thaw; reads go on.</summary>
    public async Task FreezeAsync() => (await ToolProcess.RunAsync("fsfreeze", "-f", Path)).Checked();

    public async Task ThawAsync() => (await ToolProcess.RunAsync("fsfreeze", "-u", Path)).Checked();

    public async Task ResizeAsync(int sizeMb) =>
        (await ToolProcess.RunAsync("mount", "-o", $"remount,size={Text(sizeMb)}m", Path)).Checked();

    /// <summary>Takes all but so many bytes, as another program on the machine might.</summary>
    public async Task FillAsync(long leaveBytes)
    {
        // Others write meanwhile, and a file system needs some for its own lists.
        const long slackBytes = 16L << 20;
        var bytes = (FreeBytes - Math.Max(leaveBytes, slackBytes)).ToString(CultureInfo.InvariantCulture);
        (await ToolProcess.RunAsync("fallocate", "-l", bytes, _filler)).Checked();
        if (leaveBytes == 0)
            await ToolProcess.RunAsync("dd", "if=/dev/zero", $"of={_filler}", "bs=64k", "oflag=append", "conv=notrunc");
    }

    public void Free() => File.Delete(_filler);

    public async ValueTask DisposeAsync() => (await ToolProcess.RunAsync("umount", "-l", Path)).Checked();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
