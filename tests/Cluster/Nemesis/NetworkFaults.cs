using System.Globalization;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Cluster.Tests.Utilization;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Packets between nodes that do not arrive, or late. Clients still reach every node, so that a node that is
/// cut off from the others is asked all the same.</summary>
internal static class NetworkFaults
{
    private const int LossPercent = 20;
    private const string DelayMs = "60";
    private const string JitterMs = "30";

    public static IEnumerable<Fault> All =>
    [
        new("partition-one", PartOneAsync, HealAsync) { HoldMs = (1_500, 4_000) },
        new("partition-halves", PartHalvesAsync, HealAsync) { HoldMs = (1_500, 4_000) },
        new("one-way-in", DeafAsync, HealAsync) { HoldMs = (1_500, 4_000) },
        new("one-way-out", MuteAsync, HealAsync) { HoldMs = (1_500, 4_000) },
        new("loss", LoseAsync, HealAsync) { HoldMs = (1_500, 4_000) },
        new("delay", DelayAsync, EndDelayAsync) { HoldMs = (1_500, 4_000) },
    ];

    private static async Task PartOneAsync(Scene scene)
    {
        var alone = await scene.Cluster.BusiestAsync();
        scene.Targets = [.. scene.Cluster.Hosts];
        scene.Cluster.Lan.Block(alone, scene.OthersThan(alone));
        foreach (var other in scene.OthersThan(alone))
            scene.Cluster.Lan.Block(other, [alone]);
    }

    /// <summary>By a coin the nodes fall into two groups of at least one.</summary>
    private static Task PartHalvesAsync(Scene scene)
    {
        var hosts = scene.Cluster.Hosts.ToArray();
        scene.Random.Shuffle(hosts);
        var (left, right) = (hosts[..(hosts.Length / 2)], hosts[(hosts.Length / 2)..]);
        scene.Targets = hosts;
        foreach (var host in left)
            scene.Cluster.Lan.Block(host, right);
        foreach (var host in right)
            scene.Cluster.Lan.Block(host, left);
        return Task.CompletedTask;
    }

    private static async Task DeafAsync(Scene scene)
    {
        var deaf = await scene.Cluster.BusiestAsync();
        scene.Targets = [deaf];
        scene.Cluster.Lan.Block(deaf, scene.OthersThan(deaf));
    }

    private static async Task MuteAsync(Scene scene)
    {
        var mute = await scene.Cluster.BusiestAsync();
        scene.Targets = [.. scene.OthersThan(mute)];
        foreach (var other in scene.Targets)
            scene.Cluster.Lan.Block(other, [mute]);
    }

    private static Task LoseAsync(Scene scene)
    {
        scene.Targets = [.. scene.Cluster.Hosts];
        foreach (var host in scene.Targets)
            scene.Cluster.Lan.Lose(host, LossPercent);
        return Task.CompletedTask;
    }

    private static Task<bool> HealAsync(Scene scene)
    {
        var dropped = scene.Targets.Sum(scene.Cluster.Lan.Refused);
        foreach (var host in scene.Targets)
            scene.Cluster.Lan.Heal(host);
        return Task.FromResult(dropped > 0);
    }

    /// <summary>The kernel here has no netem: a program of ours takes the place of one host's cable.</summary>
    private static async Task DelayAsync(Scene scene)
    {
        scene.Targets = [scene.AnyHost()];
        var cable = ToolProcess.Start("ip", "netns", "exec", scene.Cluster.Lan.SwitchNamespace, "/usr/bin/python3",
            Path.Combine(AppContext.BaseDirectory, "Nemesis", "slow_cable.py"), NodeLan.PortOf(scene.Target), DelayMs,
            JitterMs, scene.Random.Next().ToString(CultureInfo.InvariantCulture));
        scene.Helpers.Add(cable);
        await cable.WaitForLineAsync("ready", TimeSpan.FromSeconds(10));
    }

    private static async Task<bool> EndDelayAsync(Scene scene)
    {
        var cable = scene.Helpers[^1];
        scene.Helpers.Remove(cable);
        cable.WriteLine("end");
        var result = await cable.WaitAsync(TimeSpan.FromSeconds(10));
        await cable.DisposeAsync();
        var frames = result.Checked().Split("frames ")[^1].Trim();
        return int.Parse(frames, CultureInfo.InvariantCulture) > 0;
    }
}
