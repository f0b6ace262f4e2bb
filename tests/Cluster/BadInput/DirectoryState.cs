using System.Security.Cryptography;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>All names and contents below a folder, to show that a refusal changed none of them.</summary>
internal static class DirectoryState
{
    public static string Of(string folder)
    {
        var lines = Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Select(path => $"{Path.GetRelativePath(folder, path)} {ContentOf(path)}");
        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }

    private static string ContentOf(string path)
    {
        if (Directory.Exists(path))
            return "folder";
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
