using System.Text.Json;
using ShardStore.Client;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Life;

/// <summary>`ctl backup` of a cluster under load, and `ctl restore` into a smaller and a larger one.</summary>
public sealed class BackupTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Figures _figures = new(output);

    [Fact]
    public async Task A_backup_under_load_holds_every_acknowledged_write_and_goes_into_clusters_of_other_sizes()
    {
        var starting = ClusterProcess.StartAsync(new ClusterShape { Nodes = 1, Replicas = 1, Shards = 4 });
        await using var cluster = await ClusterProcess.StartAsync(new ClusterShape { Shards = 6 });
        await using var single = await starting;
        var directory = Path.Combine(cluster.Folder, "backup");
        await using var client = await ConnectAsync(cluster);
        await BackupKeys.WriteAsync(client);

        await BackUpUnderLoadAsync(cluster, single, directory);
        await BackUpAgainAsync(cluster, client, directory);
        await RefusesDamageAsync(single, directory);
        var all = await BackupKeys.ReadAsync(client);
        await BackUpWhileANodeDiesAsync(cluster, single, all.Count);
        await using var five = await ClusterProcess.StartAsync(new ClusterShape { Nodes = 5, Shards = 10 });
        var restored = await DoneAsync(five, "restore", "--from", directory, "--verify", "--json");
        Assert.True(restored.GetProperty("valuesCompared").GetBoolean());
        await using var copy = await ConnectAsync(five);
        Assert.Equal(all, await BackupKeys.ReadAsync(copy));
        Assert.Equal(all.Count, restored.GetProperty("keysReadBack").GetInt64());
        _figures.Write($"backup: {all.Count} keys of 6 shards are the same in a cluster of 5 nodes and 10 shards");
    }

    private async Task BackUpUnderLoadAsync(ClusterProcess cluster, ClusterProcess single, string directory)
    {
        await using var load = await CheckedLoad.StartAsync(
            cluster.Endpoints, new LoadShape { Shards = 6, WorkersAShard = 1 });
        await load.WaitOperationsAsync(300, Patience);
        var acknowledged = load.AcknowledgedNow();
        var before = load.Counts.Acknowledged;
        var report = await DoneAsync(cluster, "backup", "--to", directory, "--json");
        var during = load.Counts.Acknowledged - before;
        await load.StopAsync();
        Assert.Equal((6, 0), (report.GetProperty("shards").GetInt32(), report.GetProperty("kept").GetInt32()));
        Assert.True(during > 0, "no write was acknowledged while the backup ran");

        var text = await RunAsync(single, "restore", "--from", directory);
        Assert.True(text.ExitCode == 0, text.Errors);
        Assert.Contains("6 files are whole", text.Output);
        var lost = await load.CheckCopyAsync(single.Endpoints, acknowledged);
        _figures.Write($"backup under load: {acknowledged.Count} keys with an acknowledged write when it began, "
            + $"{during} more writes while it ran, {lost.Count} lost");
        Assert.Empty(lost);
        await using var copy = await ConnectAsync(single);
        await BackupKeys.CheckAsync(copy);

        var refused = await RunAsync(single, "restore", "--from", directory);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("this cluster holds keys", refused.Errors);
    }

    /// <summary>Into the same directory: with the load's last writes, unchanged, and with one key changed.</summary>
    private async Task BackUpAgainAsync(ClusterProcess cluster, ShardStoreClient client, string directory)
    {
        await DoneAsync(cluster, "backup", "--to", directory, "--json");
        var unchanged = await DoneAsync(cluster, "backup", "--to", directory, "--json");
        Assert.Equal(6, unchanged.GetProperty("kept").GetInt32());
        Assert.Equal(0, unchanged.GetProperty("transferredBytes").GetInt64());
        (await client.SetAsync("one more", "value")).EnsureDone();
        var one = await DoneAsync(cluster, "backup", "--to", directory, "--json");
        Assert.Equal(5, one.GetProperty("kept").GetInt32());
        Assert.Equal(1, one.GetProperty("filesDeleted").GetInt32());
        Assert.Equal(6, Directory.GetFiles(directory, "*.ssb").Length);
        _figures.Write($"incremental backup: one key changed, {one.GetProperty("transferredBytes").GetInt64()} of "
            + $"{one.GetProperty("fileBytes").GetInt64()} bytes transferred");
    }

    private static async Task RefusesDamageAsync(ClusterProcess single, string directory)
    {
        using var client = await single.ConnectAsync();
        var before = client.Call("DBSIZE");
        var file = Directory.GetFiles(directory, "*.ssb").Order().Last();
        var whole = await File.ReadAllBytesAsync(file);
        var damaged = (byte[])whole.Clone();
        damaged[damaged.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, damaged);
        client.Call("SET \"one more\" here");

        var refused = await RunAsync(single, "restore", "--from", directory, "--merge");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(file, refused.Errors);
        Assert.Equal("\"here\"", client.Call("GET \"one more\""));
        client.Call("DEL \"one more\"");
        Assert.Equal(before, client.Call("DBSIZE"));
        await File.WriteAllBytesAsync(file, whole);
    }

    /// <summary>The node that ctl was told to ask is killed when its first shards are on disk; its other shards come
    /// from whoever leads them next.</summary>
    private async Task BackUpWhileANodeDiesAsync(ClusterProcess cluster, ClusterProcess single, int keys)
    {
        var directory = Path.Combine(cluster.Folder, "backup-2");
        await using var backup = NodeProcess.Start(
            "ctl", "--admin", $"http://127.0.0.1:{cluster.AdminPorts[^1]}", "backup", "--to", directory, "--rate", "2");
        await Waiting.UntilAsync(
            () => Directory.Exists(directory) && Directory.GetFiles(directory, "*.ssb").Length > 0, Patience,
            () => $"no shard is backed up; {backup.Errors}{backup.Output}");
        await cluster.KillAsync(cluster.Count - 1);
        var begun = !backup.HasExited;
        await backup.WaitForExitAsync(Patience);
        Assert.True(backup.ExitCode == 0, backup.Errors + backup.Output + cluster.Errors());
        Assert.True(begun, "the backup had ended before the node was killed");
        await using var copy = await ConnectAsync(single);
        await copy.SetAsync(BackupKeys.Plain, "changed since");
        await copy.SetAsync("only here", "stays");
        var restored = await DoneAsync(single, "restore", "--from", directory, "--merge", "--verify", "--json");
        await BackupKeys.CheckAsync(copy);
        Assert.Equal("stays", await copy.GetStringAsync("only here"));
        Assert.Equal(keys, restored.GetProperty("keysReadBack").GetInt64());
        _figures.Write($"backup while a node was killed: {backup.Output.Split('\n')[^2]}");
    }

    private static async Task<JsonElement> DoneAsync(ClusterProcess cluster, params string[] words)
    {
        var run = await RunAsync(cluster, words);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', words)}: {run.Errors}{run.Output}\n{cluster.Errors()}");
        return JsonSerializer.Deserialize<JsonElement>(run.Output);
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(
        ClusterProcess cluster, params string[] words) =>
        NodeProcess.RunAsync(["ctl", "--admin", $"http://127.0.0.1:{cluster.AdminPorts[^1]}", .. words]);

    private static Task<ShardStoreClient> ConnectAsync(ClusterProcess cluster) =>
        ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = cluster.Endpoints });
}
