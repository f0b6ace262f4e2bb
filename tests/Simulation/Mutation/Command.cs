using System.Diagnostics;

namespace ShardStore.Simulation.Mutation;

/// <summary>Runs a program to its end, within a time, and keeps what it said.</summary>
public static class Command
{
    private const int KilledExit = 124;

    public static (int Exit, string Output) Run(string folder, TimeSpan most, string program, params string[] words)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in words)
            start.ArgumentList.Add(word);
        // A patch may be applied inside another repository's folder: git must not look there.
        start.Environment["GIT_CEILING_DIRECTORIES"] = Path.GetDirectoryName(folder.TrimEnd('/')) ?? "/";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var ended = process.WaitForExit(most);
        if (!ended)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return (ended ? process.ExitCode : KilledExit, output.Result + errors.Result);
    }
}
