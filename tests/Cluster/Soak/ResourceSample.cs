using System.Globalization;

namespace ShardStore.Cluster.Tests.Soak;

/// <summary>What one node holds at one moment.</summary>
/// <param name="Seconds">Since the soak began.</param>
/// <param name="MemoryBytes">Resident and its own: mapped program files do not count.</param>
/// <param name="Descriptors">Open file descriptors.</param>
/// <param name="DiskBytes">Of all files in its directory.</param>
internal sealed record ResourceSample(double Seconds, long MemoryBytes, int Descriptors, long DiskBytes)
{
    public static ResourceSample Of(double seconds, int processId, string directory) => new(
        seconds, AnonymousBytes(processId), Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length,
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf));

    private static long AnonymousBytes(int processId)
    {
        const string name = "RssAnon:";
        var line = File.ReadLines($"/proc/{processId}/status")
            .First(text => text.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal),
            CultureInfo.InvariantCulture);
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            // Deleted since it was listed: segments come and go.
            return 0;
        }
    }
}
