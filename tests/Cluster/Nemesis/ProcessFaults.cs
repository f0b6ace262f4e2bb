namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Nodes that die or stand still.</summary>
internal static class ProcessFaults
{
    public static IEnumerable<Fault> All =>
    [
        new("kill-leader", KillLeaderAsync, StartAgainAsync),
        new("kill-any", scene => KillAsync(scene, [scene.AnyHost()]), StartAgainAsync),
        new("kill-all", scene => KillAsync(scene, [.. scene.Cluster.Hosts]), StartAgainAsync) { HoldMs = (0, 200) },
        new("pause", PauseAsync, ResumeAsync) { HoldMs = (1_000, 4_000) },
    ];

    private static async Task KillLeaderAsync(Scene scene) =>
        await KillAsync(scene, [await scene.Cluster.BusiestAsync()]);

    private static async Task KillAsync(Scene scene, int[] hosts)
    {
        scene.Targets = hosts;
        await Task.WhenAll(hosts.Select(scene.Cluster.KillAsync));
    }

    private static Task<bool> StartAgainAsync(Scene scene)
    {
        var wereDead = scene.Targets.All(host => !scene.Cluster.IsUp(host));
        foreach (var host in scene.Targets)
            scene.Cluster.Start(host);
        return Task.FromResult(wereDead);
    }

    private static async Task PauseAsync(Scene scene)
    {
        scene.Targets = [scene.Random.Next(2) == 0 ? await scene.Cluster.BusiestAsync() : scene.AnyHost()];
        scene.Cluster[scene.Target].Pause();
    }

    private static Task<bool> ResumeAsync(Scene scene)
    {
        var process = scene.Cluster[scene.Target];
        var isStopped = File.ReadLines($"/proc/{process.Id}/status")
            .Any(line => line.StartsWith("State:\tT", StringComparison.Ordinal));
        process.Resume();
        return Task.FromResult(isStopped);
    }
}
