using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>The folder of a node that has run: a log, checkpoints, and 2,000 keys of 1 kB. Each test damages a copy.
/// </summary>
public sealed class UsedDirectory : IAsyncLifetime
{
    public const int Keys = 2_000;
    private readonly NodeTrial _trial = new();

    /// <summary>The last key that was written.</summary>
    public const string LastKey = "last";

    public async Task InitializeAsync()
    {
        await using var node = await _trial.StartAsync();
        using (var client = await ShardStore.Node.Tests.Commands.RespClient.ConnectAsync(_trial.ClientPort))
        {
            // Several times over, so that every shard writes more than its checkpoint interval.
            for (var round = 0; round < 4; round++)
            {
                for (var i = 0; i < Keys; i++)
                    client.SendRaw($"SET key:{i} {new string((char)('a' + round), 1_000)}\r\n");
                for (var i = 0; i < Keys; i++)
                    Assert.Equal("+OK", client.Read());
            }
        }
        await Waiting.UntilAsync(
            () => Manifests().Count >= 3, TimeSpan.FromSeconds(30),
            () => $"{Manifests().Count} checkpoints\n{node.Output}");
        Assert.Equal("+OK", _trial.Call($"SET {LastKey} written"));
        Assert.Equal(0, await node.StopAsync());
    }

    public Task DisposeAsync()
    {
        _trial.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A copy on the same ports: the cluster's id comes from the founding members' addresses.</summary>
    internal DamageTrial Damage() => new(_trial);

    private List<string> Manifests() =>
        [.. Directory.EnumerateFiles(_trial.Dir, "manifest-*", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal))];
}
