namespace ShardStore.Simulation.Mutation;

/// <summary>A copy of the sources in a temporary folder, where one bug after the other is planted and built.</summary>
public sealed class PatchedSource : IDisposable
{
    private const string ProgramFolder = "tests/Simulation/bin/Release/net10.0";
    private static readonly TimeSpan BuildMost = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TestsMost = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan GitMost = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-planted-").FullName;
    private readonly Dictionary<string, byte[]> _clean = [];

    /// <summary>All that a build needs, built once without any bug.</summary>
    public static PatchedSource Built()
    {
        var source = new PatchedSource();
        SourceRoot.CopyTo(source._folder);
        if (source.Build("tests/Simulation") is not { } error)
            return source;
        source.Dispose();
        throw new InvalidOperationException($"a copy of the sources does not build: {error}");
    }

    /// <summary>Only what one bug's diff touches: enough to see whether it still applies.</summary>
    public static PatchedSource TouchedBy(PlantedBug bug)
    {
        var source = new PatchedSource();
        foreach (var file in bug.Touched)
            SourceRoot.Copy(file, source._folder);
        return source;
    }

    /// <summary>Why the bug's diff does not apply, or null.</summary>
    public string? Check(PlantedBug bug) => Git("--check", bug);

    public string? Plant(PlantedBug bug) => Git("--whitespace=nowarn", bug);

    /// <summary>Builds the libraries it touches and puts them in the place of the clean ones: a diff that changes no
    /// interface needs no more. Taken from obj, where no other library lies. What the compiler says against it, or
    /// null.</summary>
    public string? Build(PlantedBug bug)
    {
        foreach (var project in bug.Touched.Select(ProjectOf).Distinct())
        {
            if (Build(project, "--no-restore", "--no-dependencies") is { } error)
                return error;
            foreach (var built in Directory.GetFiles(Path.Combine(_folder, project, "obj/Release/net10.0"), "*.dll"))
                Replace(Path.GetFileName(built), File.ReadAllBytes(built));
        }
        return null;
    }

    public string? Remove(PlantedBug bug)
    {
        foreach (var (name, bytes) in _clean)
            File.WriteAllBytes(Path.Combine(_folder, ProgramFolder, name), bytes);
        _clean.Clear();
        return Git("--reverse", bug);
    }

    public (int Exit, string Output) Run(TimeSpan most, params string[] words) => Command.Run(
        _folder, most, "dotnet", [Path.Combine(_folder, ProgramFolder, "ShardStore.Simulation.dll"), .. words]);

    /// <summary>Builds a test project with the bug in it and runs its tests.</summary>
    public (int Exit, string Output) Test(string project) => Build(project) is { } error
        ? (1, error)
        : Command.Run(_folder, TestsMost, "dotnet", ["test", project, "-c", "Release", "--no-build", "-nologo"]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // src/Name/…
    private static string ProjectOf(string file) => string.Join('/', file.Split('/').Take(2));

    private void Replace(string library, byte[] bytes)
    {
        var path = Path.Combine(_folder, ProgramFolder, library);
        var old = File.ReadAllBytes(path);
        if (old.AsSpan().SequenceEqual(bytes))
            return;
        _clean.TryAdd(library, old);
        File.WriteAllBytes(path, bytes);
    }

    // Rules of style do not bind a bug.
    private string? Build(string project, params string[] more)
    {
        var (exit, output) = Command.Run(
            _folder, BuildMost, "dotnet", [
                "build", project, "-c", "Release", "-v", "q", "-nologo", "-clp:NoSummary",
                "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:WarningLevel=0", .. more,
            ]);
        return exit == 0 ? null : output.Trim();
    }

    private string? Git(string how, PlantedBug bug)
    {
        var (exit, output) = Command.Run(_folder, GitMost, "git", "apply", how, bug.Path);
        return exit == 0 ? null : $"{bug.Name} does not apply to the sources as they are: {output.Trim()}";
    }
}
