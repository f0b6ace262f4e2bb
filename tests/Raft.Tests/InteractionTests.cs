namespace ShardStore.Raft.Tests;

/// <summary>Every file in testdata is a conversation between replicas with its expected outcome. REWRITE=1 in the
/// environment writes what happens now into the files, to be read as a diff.</summary>
public sealed class InteractionTests
{
    private static string Folder => Path.Combine(SourceFolder(), "testdata");

    public static TheoryData<string> Scripts()
    {
        var scripts = new TheoryData<string>();
        foreach (string path in Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal))
        {
            scripts.Add(Path.GetFileNameWithoutExtension(path));
        }

        return scripts;
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_happens_as_written(string script)
    {
        string path = Path.Combine(Folder, script + ".txt");
        string expected = File.ReadAllText(path);
        var environment = new InteractionEnv();
        string actual = ScriptFile.Run(expected, environment.Execute);
        if (Environment.GetEnvironmentVariable("REWRITE") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        Assert.Equal(expected, actual);
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") =>
        Path.GetDirectoryName(file)!;
}
