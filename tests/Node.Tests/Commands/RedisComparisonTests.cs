using Xunit.Abstractions;

namespace ShardStore.Node.Tests.Commands;

public sealed class RedisComparisonTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Random_commands_get_the_replies_of_a_real_redis()
    {
        if (!RedisProcess.IsInstalled)
        {
            output.WriteLine($"Skipped: {RedisProcess.Path} is not installed.");
            return;
        }
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SHARDSTORE_TEST_SEED"), out var given)
            ? given : Random.Shared.Next();
        output.WriteLine($"Replay with SHARDSTORE_TEST_SEED={seed}");
        using var redis = await RedisProcess.StartAsync();
        await using var cluster = LocalCluster.Start();
        using var theirs = await RespClient.ConnectAsync(redis.Port);
        using var ours = await cluster.ConnectAsync();
        var script = new RedisScriptGenerator(new Random(seed));
        var history = new Queue<string>();
        for (var i = 0; i < 20_000; i++)
        {
            var line = script.Next();
            var expected = theirs.Call(line);
            var got = ours.Call(line);
            history.Enqueue($"{line} -> {expected}");
            if (history.Count > 30)
                history.Dequeue();
            Assert.True(expected == got,
                $"seed {seed}, command {i}: {line}\n  redis {expected}\n  ours  {got}\nbefore:\n"
                + string.Join('\n', history));
        }
        Assert.True(cluster.Local!.ReplicasAreEqual());
    }
}
