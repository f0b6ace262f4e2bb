namespace ShardStore.Simulation.Mutation;

/// <summary>A copy of the sources in a temporary folder, where one bug after the other is planted and built.</summary>
public sealed class PatchedSource : IDisposable
{
    private static readonly TimeSpan BuildMost = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan GitMost = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-planted-").FullName;

    public static PatchedSource Whole()
    {
        var source = new PatchedSource();
        SourceRoot.CopyTo(source._folder);
        return source;
    }

    /// <summary>Only what one bug's diff touches: enough to see whether it still applies.</summary>
    public static PatchedSource TouchedBy(PlantedBug bug)
    {
        var source = new PatchedSource();
        foreach (var file in bug.Touched)
            SourceRoot.Copy(file, source._folder);
        return source;
    }

    public string Program => Path.Combine(
        _folder, "tests/Simulation/bin/Release/net10.0/ShardStore.Simulation.dll");

    /// <summary>Why the bug's diff does not apply, or null.</summary>
    public string? Check(PlantedBug bug) => Git("--check", bug);

    public string? Plant(PlantedBug bug) => Git("--whitespace=nowarn", bug);

    public string? Remove(PlantedBug bug) => Git("--reverse", bug);

    /// <summary>What the compiler says against it, or null. Rules of style do not bind a bug.</summary>
    public string? Build()
    {
        var (exit, output) = Command.Run(
            _folder, BuildMost, "dotnet", "build", "tests/Simulation", "-c", "Release", "-v", "q", "-nologo",
            "-clp:NoSummary", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:WarningLevel=0");
        return exit == 0 ? null : output.Trim();
    }

    public (int Exit, string Output) Run(TimeSpan most, params string[] words) =>
        Command.Run(_folder, most, "dotnet", [Program, .. words]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string? Git(string how, PlantedBug bug)
    {
        var (exit, output) = Command.Run(_folder, GitMost, "git", "apply", how, bug.Path);
        return exit == 0 ? null : $"{bug.Name} does not apply to the sources as they are: {output.Trim()}";
    }
}
