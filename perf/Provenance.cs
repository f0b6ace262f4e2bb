using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ShardStore.Perf;

/// <summary>Where and from what a figure comes. Without it a figure is worth nothing a week later.</summary>
internal static class Provenance
{
    public static readonly string Root = FindRoot();

    /// <summary>Short commit, with "+" when the tree held changes; "unknown" outside of a checkout.</summary>
    public static readonly string Commit = FindCommit();

    public static string At => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string Machine =>
        $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, "
        + RuntimeInformation.FrameworkDescription;

    public static string ResultsFile(string name) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Root, "perf", "results")).FullName, name + ".ndjson");

    private static string Processor()
    {
        const string info = "/proc/cpuinfo";
        var line = File.Exists(info) ? File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name")) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string FindCommit()
    {
        var commit = Git("rev-parse", "--short=10", "HEAD");
        return commit.Length == 0 ? "unknown" : commit + (Git("status", "--porcelain").Length == 0 ? "" : "+");
    }

    private static string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, WorkingDirectory = Root };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : "";
    }

    private static string FindRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "ShardStore.sln")))
        {
            at = Path.GetDirectoryName(at)
                ?? throw new InvalidOperationException("no ShardStore.sln above this program");
        }
        return at;
    }
}
