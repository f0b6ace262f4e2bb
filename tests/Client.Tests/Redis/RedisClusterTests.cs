using ShardStore.Resp;
using Xunit;

namespace ShardStore.Client.Tests;

/// <summary>The SDK against real Redis: what it says about commands, slots and redirects must be true elsewhere than
/// in our own fakes.</summary>
public sealed class RedisClusterTests(RedisCluster cluster) : IClassFixture<RedisCluster>
{
    private Task<ShardStoreClient> ConnectAsync() =>
        ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = [cluster.Endpoints[0]] });

    [RedisFact]
    public async Task Every_command_does_what_it_says()
    {
        await using var client = await ConnectAsync();
        Assert.False(client.AppliesWritesOnce);
        Assert.Null(await client.GetAsync("a"));
        Assert.True((await client.SetAsync("a", "1")).EnsureDone());
        Assert.True((await client.SetAsync("a", "2", new SetOptions { Condition = SetCondition.IfAbsent }))
            .IsConditionFailed);
        Assert.Equal("1", await client.GetStringAsync("a"));
        Assert.Equal(42, (await client.IncrementAsync("a", 41)).EnsureDone());
        Assert.Equal(-8, (await client.IncrementAsync("a", -50)).EnsureDone());
        Assert.True(await client.ExistsAsync("a"));
        Assert.Equal(Timeout.InfiniteTimeSpan, await client.GetTimeToLiveAsync("a"));
        Assert.True((await client.ExpireAsync("a", TimeSpan.FromMinutes(1))).EnsureDone());
        Assert.InRange((await client.GetTimeToLiveAsync("a"))!.Value.TotalSeconds, 50, 60);
        Assert.True((await client.PersistAsync("a")).EnsureDone());
        Assert.True((await client.DeleteAsync("a")).EnsureDone());
        Assert.False((await client.DeleteAsync("a")).EnsureDone());
        Assert.Null(await client.GetTimeToLiveAsync("a"));
        await client.SetAsync("a", "x", new SetOptions { TimeToLive = TimeSpan.FromMinutes(2) });
        await client.SetAsync("a", "y", new SetOptions { KeepTimeToLive = true });
        Assert.InRange((await client.GetTimeToLiveAsync("a"))!.Value.TotalSeconds, 110, 120);
        var refused = await client.IncrementAsync("a");
        Assert.Equal((KvOutcome.NotDone, ClientErrorKind.Refused), (refused.Outcome, refused.Error!.Kind));
    }

    [RedisFact]
    public async Task Any_bytes_come_back_as_they_went()
    {
        await using var client = await ConnectAsync();
        var every = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var large = new byte[3 << 20];
        new Random(7).NextBytes(large);
        foreach (var value in new[] { [], every, large })
        {
            await client.SetAsync(every, value);
            Assert.True((await client.GetAsync(every))!.Value == value);
        }
    }

    [RedisFact]
    public async Task A_raw_command_reaches_the_node_of_its_key()
    {
        await using var client = await ConnectAsync();
        await client.SetAsync("raw", "hello");
        var reply = await client.ExecuteAsync(new RawCommand
        {
            Name = "GETRANGE",
            Arguments = ["raw", "1", "3"],
            Kind = RawCommandKind.Read,
        });
        Assert.Equal("ell", reply.Text);
        var error = await Assert.ThrowsAsync<ClientException>(
            () => client.GetVersionedAsync("raw").AsTask());
        Assert.Equal(ClientErrorKind.Refused, error.Kind);
    }

    [RedisFact]
    public async Task A_batch_over_all_nodes_and_a_scan_see_the_same_keys()
    {
        await using var client = await ConnectAsync();
        var pairs = Enumerable.Range(0, 3000)
            .Select(i => KeyValuePair.Create<KvBytes, KvBytes>($"batch:{i}", $"value {i}")).ToArray();
        Assert.All(await client.SetManyAsync(pairs), o => Assert.True(o.IsDone));
        var read = await client.GetManyAsync([.. pairs.Select(p => p.Key)]);
        Assert.Equal(pairs.Select(p => p.Value.ToString()), read.Select(o => o.EnsureDone().ToString()));
        var scanned = new HashSet<string>();
        await foreach (var key in client.ScanAsync(new ScanOptions { Pattern = "batch:*", PageSize = 100 }))
            scanned.Add(key.ToString());
        Assert.Equal(3000, scanned.Count);
    }

    [RedisFact]
    public async Task While_slots_move_under_load_no_call_fails_and_no_wires_cross()
    {
        await using var client = await ConnectAsync();
        using var stop = new CancellationTokenSource();
        var calls = 0;
        var users = Enumerable.Range(0, 16).Select(UseAsync).ToArray();
        await cluster.MoveSlotsAsync(150, from: 0, to: 1);
        await cluster.MoveSlotsAsync(150, from: 1, to: 2);
        await stop.CancelAsync();
        await Task.WhenAll(users);
        Assert.True(calls > 100, $"only {calls} calls were made");

        async Task UseAsync(int user)
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                var key = $"move:{user}:{i % 200}";
                (await client.SetAsync(key, $"{key}={i}")).EnsureDone();
                Assert.Equal($"{key}={i}", await client.GetStringAsync(key));
                Interlocked.Add(ref calls, 2);
            }
        }
    }

    [RedisFact]
    public async Task When_a_node_dies_each_write_tells_its_outcome_and_the_others_go_on()
    {
        var doomed = new RedisCluster();
        await doomed.InitializeAsync();
        try
        {
            await using var client = await ShardStoreClient.ConnectAsync(new ClientOptions
            {
                Endpoints = doomed.Endpoints,
                Deadline = TimeSpan.FromMilliseconds(700),
            });
            var pairs = Enumerable.Range(0, 300)
                .Select(i => KeyValuePair.Create<KvBytes, KvBytes>($"k{i}", "v")).ToArray();
            Assert.All(await client.SetManyAsync(pairs), o => Assert.True(o.IsDone));
            doomed.Kill(0);
            var outcomes = await client.SetManyAsync(pairs);
            // Slots 0 to 5460 belonged to the first node.
            for (var i = 0; i < pairs.Length; i++)
                Assert.Equal(HashSlot.Of(pairs[i].Key.Span) > 5460, outcomes[i].IsDone);
            Assert.All(outcomes.Where(o => !o.IsDone), o => Assert.NotNull(o.Error));
        }
        finally
        {
            await doomed.DisposeAsync();
        }
    }
}
