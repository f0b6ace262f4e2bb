using System.ComponentModel;
using System.Diagnostics;

namespace ShardStore.Cluster.Tests.Docker;

/// <summary>One run of the docker command line.</summary>
internal sealed record DockerCommand(int ExitCode, string Output)
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>Null when there is no docker program, or it did not end in time.</summary>
    public static DockerCommand? TryRun(TimeSpan deadline, params string[] args) => TryRun(deadline, NoVariables, args);

    public static DockerCommand? TryRun(
        TimeSpan deadline, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("docker", args)
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
            return new DockerCommand(process.ExitCode, output.Result + errors.Result);
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
