using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Clients;

/// <summary>The pinned npm packages of the stock clients, beside the tests' program.</summary>
internal static class NodePackages
{
    public const string Node = "/usr/bin/node";
    public const string Npm = "/usr/bin/npm";
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Clients", "npm");

    public static string Script => Path.Combine(Folder, "cluster.mjs");

    /// <summary>Installs what the lock file names, unless that is there already. No package's script is run.</summary>
    public static async Task InstallAsync()
    {
        var installed = Path.Combine(Folder, "installed-package-lock.json");
        var wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"));
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted)
            return;
        var npm = await ToolProcess.RunAsync(
            Npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", Folder);
        npm.Checked();
        await File.WriteAllTextAsync(installed, wanted);
    }
}
