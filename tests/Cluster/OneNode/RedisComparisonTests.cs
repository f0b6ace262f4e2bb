using ShardStore.Node.Tests.Commands;
using ShardStore.Cluster.Tests.Support;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.OneNode;

/// <summary>The same random commands to a real redis-server and to a real node, through sockets.</summary>
public sealed class RedisComparisonTests(ITestOutputHelper output)
{
    private const int Commands = 10_000;
    private const int HistoryMax = 30;

    [ToolFact(RedisProcess.Path)]
    public async Task Random_commands_get_the_replies_of_a_real_redis()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SHARDSTORE_TEST_SEED"), out var given)
            ? given : Random.Shared.Next();
        output.WriteLine($"Replay with SHARDSTORE_TEST_SEED={seed}");
        using var redis = await RedisProcess.StartAsync();
        // One shard: commands of several keys then run here as they do on a Redis that is no cluster.
        var node = new DevNode(shards: 1);
        try
        {
            await node.InitializeAsync();
            using var theirs = await RespClient.ConnectAsync(redis.Port);
            using var ours = await node.ConnectAsync();
            Compare(new RedisScriptGenerator(new Random(seed)), theirs, ours, seed);
        }
        finally
        {
            await node.DisposeAsync();
        }
    }

    private static void Compare(RedisScriptGenerator script, RespClient theirs, RespClient ours, int seed)
    {
        var history = new Queue<string>();
        for (var i = 0; i < Commands; i++)
        {
            var line = script.Next();
            var expected = theirs.Call(line);
            var got = ours.Call(line);
            history.Enqueue($"{line} -> {expected}");
            if (history.Count > HistoryMax)
                history.Dequeue();
            Assert.True(expected == got,
                $"seed {seed}, command {i}: {line}\n  redis {expected}\n  ours  {got}\nbefore:\n"
                + string.Join('\n', history));
        }
    }
}
