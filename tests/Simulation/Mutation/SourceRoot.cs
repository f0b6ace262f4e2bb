namespace ShardStore.Simulation.Mutation;

/// <summary>The repository this program was built from, and copies of what a build of the simulation needs.</summary>
public static class SourceRoot
{
    private const string Solution = "ShardStore.sln";
    private static readonly string[] Folders = ["src", "tests/Simulation", "tests/Raft.Tests", "models"];
    private static readonly string[] NotCopied = ["bin", "obj", "node_modules"];

    public static string Path { get; } = Find();

    /// <summary>Copies the tracked kind of files: sources, project files and what steers the build.</summary>
    public static void CopyTo(string target)
    {
        foreach (var file in Directory.GetFiles(Path).Where(SteersBuild))
            Copy(System.IO.Path.GetFileName(file), target);
        foreach (var folder in Folders)
            CopyFolder(folder, target);
    }

    public static void Copy(string relative, string target)
    {
        var to = System.IO.Path.Combine(target, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
        File.Copy(System.IO.Path.Combine(Path, relative), to, overwrite: true);
    }

    private static void CopyFolder(string folder, string target)
    {
        var full = System.IO.Path.Combine(Path, folder);
        foreach (var file in Directory.GetFiles(full))
            Copy(System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)), target);
        foreach (var inner in Directory.GetDirectories(full).Select(System.IO.Path.GetFileName))
        {
            if (!NotCopied.Contains(inner))
                CopyFolder(System.IO.Path.Combine(folder, inner!), target);
        }
    }

    private static bool SteersBuild(string file)
    {
        var name = System.IO.Path.GetFileName(file);
        return name is Solution or "global.json" or ".editorconfig"
            || name.StartsWith("Directory.", StringComparison.Ordinal)
            || name.Equals("nuget.config", StringComparison.OrdinalIgnoreCase);
    }

    private static string Find()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(System.IO.Path.Combine(at, Solution)))
        {
            at = System.IO.Path.GetDirectoryName(at)
                ?? throw new InvalidOperationException($"no {Solution} above {AppContext.BaseDirectory}");
        }
        return at;
    }
}
