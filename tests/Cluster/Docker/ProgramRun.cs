using System.ComponentModel;
using System.Diagnostics;

namespace ShardStore.Cluster.Tests.Docker;

/// <summary>One run of a program of this machine, from the root of the repository.</summary>
internal sealed record ProgramRun(int ExitCode, string Output)
{
    public static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>();

    /// <summary>Null when there is no such program, or it did not end in time.</summary>
    public static ProgramRun? TryRun(
        string program, TimeSpan deadline, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo(program, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryRoot(),
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(deadline))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
            return new ProgramRun(process.ExitCode, output.Result + errors.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static string RepositoryRoot()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "ShardStore.sln")))
            at = Path.GetDirectoryName(at) ?? throw new InvalidOperationException("no ShardStore.sln above the tests");
        return at;
    }
}
