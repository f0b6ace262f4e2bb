using System.Globalization;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Clocks that jump, moves without a pause, and everything in turn.</summary>
internal static class OtherFaults
{
    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    private static readonly string[] Jumps = ["-1h", "+2h", "-40s", "+90s"];

    /// <summary>Null, or why the wall clocks of single processes cannot be moved here.</summary>
    public static string? ClockJumpMissing => File.Exists(FakeTime)
        ? null
        : $"{FakeTime} (package faketime) is not installed";

    public static Fault ClockJump => new("clock-jump", JumpAsync, JumpBackAsync) { HoldMs = (1_500, 3_000) };

    /// <summary>The moves that go on under every fault, and here alone.</summary>
    public static Fault Migrate => new("migrate", _ => Task.CompletedTask, _ => Task.FromResult(true))
    {
        HoldMs = (3_000, 5_000),
    };

    public static Fault Mix(IReadOnlyList<Fault> faults) => new("mix", scene =>
    {
        scene.Inner = faults[scene.Random.Next(faults.Count)];
        return scene.Inner.Fire(scene);
    }, scene => scene.Inner!.Heal(scene))
    {
        HoldMs = (500, 2_500),
    };

    /// <summary>The wall clock of one node jumps while it runs; its monotonic clock does not, as with a clock that an
    /// administrator sets.</summary>
    private static async Task JumpAsync(Scene scene)
    {
        scene.Targets = [scene.AnyHost()];
        var file = ClockFile(scene);
        await File.WriteAllTextAsync(file, "+0s");
        await scene.Cluster.RestartAsync(
            scene.Target, "env", $"LD_PRELOAD={FakeTime}", $"FAKETIME_TIMESTAMP_FILE={file}",
            "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1");
        await scene.Cluster.WaitHealthyAsync();
        // Replaced as a whole: a file that is read half written would be no time at all.
        await File.WriteAllTextAsync(file + ".new", Jumps[scene.Random.Next(Jumps.Length)]);
        File.Move(file + ".new", file, overwrite: true);
        await Waiting.UntilAsync(
            async () => Math.Abs(await ClockErrorSecondsAsync(scene)) > 30, TimeSpan.FromSeconds(10),
            () => "the node's clock did not jump");
        scene.HasBitten = true;
    }

    private static async Task<bool> JumpBackAsync(Scene scene)
    {
        await scene.Cluster.RestartAsync(scene.Target);
        return scene.HasBitten;
    }

    private static async Task<double> ClockErrorSecondsAsync(Scene scene)
    {
        using var client = await Node.Tests.Commands.RespClient.ConnectAsync(scene.Cluster.EndpointOf(scene.Target));
        var words = client.Call("TIME").Split(['"', ' ', '[', ']', ','], StringSplitOptions.RemoveEmptyEntries);
        var seconds = words.Select(word => long.TryParse(word, CultureInfo.InvariantCulture, out var value) ? value : 0)
            .Max();
        return (DateTimeOffset.UnixEpoch.AddSeconds(seconds) - DateTimeOffset.UtcNow).TotalSeconds;
    }

    private static string ClockFile(Scene scene) => Path.Combine(scene.Cluster.Folder, $"clock{scene.Target}");
}
