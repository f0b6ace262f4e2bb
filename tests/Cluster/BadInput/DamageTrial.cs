using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>A copy of a node's folder to damage, and to start the node on.</summary>
internal sealed class DamageTrial : IDisposable
{
    private readonly NodeTrial _trial;

    public DamageTrial(NodeTrial trial)
    {
        _trial = trial;
        Dir = Path.Combine(trial.Root, $"copy-{Guid.NewGuid():N}");
        DirectoryState.Copy(trial.Dir, Dir);
    }

    public string Dir { get; }
    public string Log => Path.Combine(Dir, "log", "0000000000000001.log");
    public string Identity => Path.Combine(Dir, "identity");

    /// <summary>The newest manifest of the shard that has most pages in its checkpoint.</summary>
    public string Manifest => Directory.EnumerateFiles(Dir, "manifest-*", SearchOption.AllDirectories)
        .OrderByDescending(file => new FileInfo(file).Length).ThenByDescending(file => file).First();

    /// <summary>The first file of that shard's store.</summary>
    public string Pages => Directory.EnumerateFiles(Path.GetDirectoryName(Manifest)!, "log.*",
        SearchOption.AllDirectories).Order().First();

    public string Call(string command) => _trial.Call(command);

    public Task<NodeProcess> StartAsync(params string[] more) => _trial.StartAsync(["--dir", Dir, .. more]);

    /// <summary>The node must refuse in one line with these words, and leave every byte as it was.</summary>
    public async Task AssertRefusedAsync(string file, params string[] words)
    {
        var before = DirectoryState.Of(Dir);
        (await _trial.RunAsync("--dir", Dir)).AssertRefused(1, [file, .. words]);
        Assert.Equal(before, DirectoryState.Of(Dir));
    }

    public async Task AssertRefusedAsAsync(string[] options, params string[] words)
    {
        var before = DirectoryState.Of(Dir);
        (await _trial.RunAsync(["--dir", Dir, .. options])).AssertRefused(1, words);
        Assert.Equal(before, DirectoryState.Of(Dir));
    }

    /// <summary>Turns all bits of a byte.</summary>
    public static void Flip(string file, long offset)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.Position = offset;
        var found = stream.ReadByte();
        stream.Position = offset;
        stream.WriteByte((byte)~found);
    }

    public static void Cut(string file, long length)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.SetLength(length);
    }

    /// <summary>Length without the zeros that a log reserves at its end.</summary>
    public static long UsedBytes(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
    }

    /// <summary>Writes a version and the checksum that makes it genuine: a newer program's file, not a damaged one.
    /// </summary>
    public static void MakeNewer(string file, int checkedBytes)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[4] = 9;
        BitConverter.TryWriteBytes(
            bytes.AsSpan(checkedBytes), ShardStore.Storage.Files.Crc32C.Compute(bytes.AsSpan(0, checkedBytes)));
        File.WriteAllBytes(file, bytes);
    }

    public void Dispose() => Directory.Delete(Dir, recursive: true);
}
