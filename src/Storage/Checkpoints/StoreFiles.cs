using System.Globalization;
using ShardStore.Storage.Native;

namespace ShardStore.Storage.Checkpoints;

/// <summary>Names in a store's directory: numbered manifests, of which the newest counts, and one directory for each
/// generation of the log. A file named "receiving" marks a snapshot that has not come whole.</summary>
internal static class StoreFiles
{
    private const string ManifestPrefix = "manifest-";
    private const string GenerationPrefix = "generation-";

    public static string Manifest(string directory, ulong number) =>
        Path.Combine(directory, ManifestPrefix + number.ToString("D20", CultureInfo.InvariantCulture));

    public static string Generation(string directory, ulong generation) =>
        Path.Combine(directory, GenerationPrefix + generation.ToString("D20", CultureInfo.InvariantCulture));

    public static string Receiving(string directory) => Path.Combine(directory, "receiving");

    /// <summary>The newest manifest. A damaged one is an error even beside an older good one: the log entries after
    /// the older one may be gone, so going back to it would lose acknowledged writes without a word.</summary>
    public static CheckpointManifest? ReadNewest(string directory)
    {
        string? newest = Manifests(directory).LastOrDefault();
        return newest is null ? null : CheckpointManifest.Read(newest, File.ReadAllBytes(newest));
    }

    public static void WriteManifest(string directory, CheckpointManifest manifest) =>
        DurableFile.Write(Manifest(directory, manifest.Number), manifest.Write());

    /// <summary>Deletes what the newest checkpoint does not need. <paramref name="current"/> is the generation in
    /// use, which may be newer than the manifest's, or null while opening.</summary>
    public static void DeleteOutdated(string directory, CheckpointManifest? newest, ulong? current)
    {
        string keptManifest = newest is null ? "" : Manifest(directory, newest.Number);
        foreach (string path in Directory.GetFiles(directory))
        {
            bool outdated = path.EndsWith(DurableFile.TemporarySuffix, StringComparison.Ordinal)
                || (Path.GetFileName(path).StartsWith(ManifestPrefix, StringComparison.Ordinal)
                    && string.CompareOrdinal(path, keptManifest) < 0);
            if (outdated)
                File.Delete(path);
        }
        foreach (string path in Directory.GetDirectories(directory, GenerationPrefix + "*"))
        {
            ulong generation = NumberIn(path, GenerationPrefix);
            if (generation != newest?.Generation && (current is null || generation < current))
                Directory.Delete(path, recursive: true);
        }
    }

    public static long BytesIn(string directory)
    {
        long sum = 0;
        foreach (FileInfo file in new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories))
            sum += file.Exists ? file.Length : 0;
        return sum;
    }

    private static IEnumerable<string> Manifests(string directory) =>
        Directory.GetFiles(directory, ManifestPrefix + "*")
            .Where(path => !path.EndsWith(DurableFile.TemporarySuffix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static ulong NumberIn(string path, string prefix) =>
        ulong.Parse(Path.GetFileName(path).AsSpan(prefix.Length), CultureInfo.InvariantCulture);
}
