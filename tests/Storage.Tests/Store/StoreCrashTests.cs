using System.Diagnostics;
using Xunit;

namespace ShardStore.Storage.Tests.Store;

/// <summary>SIGKILL at random moments: the store opens with exactly one of its checkpoints, none older than the last
/// that was called durable.</summary>
public sealed class StoreCrashTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_killed_process_leaves_a_checkpoint_that_holds_exactly_its_prefix()
    {
        Random random = Seeds.New(nameof(A_killed_process_leaves_a_checkpoint_that_holds_exactly_its_prefix));
        int rounds = int.Parse(Environment.GetEnvironmentVariable("STORE_CRASH_ROUNDS") ?? "3");
        int seed = random.Next(1000);
        string directory = Path.Combine(_root.Path, "a");
        ulong before = 0;
        for (int round = 0; round < rounds; round++)
        {
            ulong announced = RunAndKill(directory, seed, random.Next(1, 25));
            using IKeyValueStore store = CrashWriter.NewEngine().Open(directory, out CheckpointState? state);
            ulong index = state?.AppliedIndex ?? 0;
            Assert.True(index >= announced, $"opened at {index}, but {announced} was durable");
            Assert.True(index > before);
            before = index;
            using IKeyValueStore expected = CrashWriter.Expected(seed, index);
            Assert.Equal(expected.KeyCount, store.KeyCount);
            Assert.Equal(expected.LiveBytes, store.LiveBytes);
            Assert.Equal(expected.ContentHash, store.ContentHash);
            Assert.Equal(expected.ContentHash, store.ComputeContentHash());
        }
    }

    /// <summary>Kills after a number of durable checkpoints, so in the middle of whatever the writer does then.
    /// </summary>
    private static ulong RunAndKill(string directory, int seed, int checkpoints)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = ["exec", typeof(CrashWriter).Assembly.Location, CrashWriter.Verb, directory, $"{seed}"];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        using Process writer = Process.Start(start)!;
        ulong announced = 0;
        for (int line = 0; line < checkpoints && writer.StandardOutput.ReadLine() is { } index; line++)
            announced = ulong.Parse(index);
        writer.Kill();
        string errors = writer.StandardError.ReadToEnd();
        writer.WaitForExit();
        Assert.True(errors.Length == 0, errors);
        return announced;
    }
}
