using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>What a test counted and measured: into its output, and, since the runner shows that of failed tests only,
/// into the file that `./test` prints.</summary>
internal sealed class Figures(ITestOutputHelper output)
{
    private static readonly Lock Writing = new();

    public void Write(string line)
    {
        output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("SHARDSTORE_TEST_FIGURES") is not { Length: > 0 } path)
            return;
        lock (Writing)
            File.AppendAllText(path, line + Environment.NewLine);
    }
}
