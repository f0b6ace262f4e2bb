using System.Globalization;

namespace ShardStore.Storage.Memory;

/// <summary>The blobs of one memory store: a mark that it exists, and numbered checkpoints of which only the newest is
/// kept. The older one goes after the newer is durable, so a crash between leaves two, never none.</summary>
internal sealed class MemoryCheckpoints(IBlobStore blobs, string directory)
{
    private readonly string _prefix = directory.TrimEnd('/') + "/checkpoint-";
    private readonly string _mark = MarkOf(directory);

    public long Bytes => Sum(_prefix);

    public static string MarkOf(string directory) => directory.TrimEnd('/') + "/store";

    public void Create() => blobs.Write(_mark, "memory store 1"u8);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        IReadOnlyList<string> old = blobs.List(_prefix);
        ulong number = old.Count == 0 ? 1 : NumberOf(old[^1]) + 1;
        blobs.Write(_prefix + number.ToString("D20", CultureInfo.InvariantCulture), bytes);
        foreach (string name in old)
            blobs.Delete(name);
    }

    public byte[]? ReadNewest(out string name)
    {
        IReadOnlyList<string> names = blobs.List(_prefix);
        name = names.Count == 0 ? "" : names[^1];
        return names.Count == 0 ? null : blobs.Read(name);
    }

    public IScrub? OpenScrub()
    {
        IReadOnlyList<string> names = blobs.List(_prefix);
        return names.Count == 0 ? null : new MemoryScrub(blobs, names[^1]);
    }

    private ulong NumberOf(string name) => ulong.Parse(name.AsSpan(_prefix.Length), CultureInfo.InvariantCulture);

    private long Sum(string prefix)
    {
        long sum = 0;
        foreach (string name in blobs.List(prefix))
            sum += blobs.Read(name)?.Length ?? 0;
        return sum;
    }
}
