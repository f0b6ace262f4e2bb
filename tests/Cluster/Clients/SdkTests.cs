using System.Diagnostics;
using System.Globalization;
using ShardStore.Client;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Tests.Commands;
using Xunit.Abstractions;

namespace ShardStore.Cluster.Tests.Clients;

/// <summary>The SDK against three processes.</summary>
[Collection(ThreeNodesCollection.Name)]
public sealed class SdkTests(ThreeNodes nodes, ITestOutputHelper output)
{
    private const int Keys = 300;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Single_keys_are_set_read_counted_compared_and_expired()
    {
        await using var client = await ConnectAsync();
        Assert.True(client.AppliesWritesOnce);
        for (var i = 0; i < 30; i++)
        {
            var key = $"sdk:single:{i}";
            Assert.True((await client.SetAsync(key, "a")).EnsureDone());
            Assert.True((await client.SetAsync(key, "b", new SetOptions { Condition = SetCondition.IfAbsent }))
                .IsConditionFailed);
            var seen = await client.GetVersionedAsync(key);
            var swapped = await client.CompareAndSetAsync(key, seen.Version, new ExpiringValue("7", null));
            Assert.True(swapped.EnsureDone() > seen.Version);
            Assert.True((await client.CompareAndSetAsync(key, seen.Version, new ExpiringValue("8", null)))
                .IsConditionFailed);
            Assert.Equal(9, (await client.IncrementAsync(key, 2)).EnsureDone());
            Assert.True((await client.ExpireAsync(key, TimeSpan.FromMinutes(5))).EnsureDone());
            Assert.InRange((await client.GetTimeToLiveAsync(key))!.Value.TotalSeconds, 290, 300);
            Assert.True((await client.PersistAsync(key)).EnsureDone());
            Assert.Equal(Timeout.InfiniteTimeSpan, await client.GetTimeToLiveAsync(key));
            Assert.True((await client.DeleteAsync(key)).EnsureDone());
            Assert.Null(await client.GetAsync(key));
        }
    }

    [Fact]
    public async Task A_key_ends_on_every_node_when_its_time_is_over()
    {
        await using var client = await ConnectAsync();
        var options = new SetOptions { TimeToLive = TimeSpan.FromMilliseconds(200) };
        for (var i = 0; i < 30; i++)
            Assert.True((await client.SetAsync($"sdk:brief:{i}", "v", options)).EnsureDone());
        await Waiting.UntilAsync(
            async () => (await client.GetManyAsync([.. Numbered("sdk:brief", 30)])).All(read => read.Value is null),
            Deadline, () => "keys are still there");
    }

    /// <summary>Who sleeps past the end of its lock does not know: what it writes to must be able to tell.</summary>
    [Fact]
    public async Task A_lock_whose_holder_slept_past_its_end_goes_to_the_next_with_a_larger_token_and_is_not_extended()
    {
        await using var client = await ConnectAsync();
        const string name = "sdk:lock";
        var first = (await client.CompareAndSetAsync(name, 0, Held("a", TimeSpan.FromMilliseconds(200)))).EnsureDone();
        KvResult<long> taken = default;
        await Waiting.UntilAsync(
            async () => (taken = await client.CompareAndSetAsync(name, 0, Held("b", Deadline))).IsDone, Deadline,
            () => $"the lock did not end: {taken}");
        Assert.True(taken.Value > first, $"token {taken.Value} after {first}");
        var extended = await client.CompareAndSetAsync(name, first, Held("a", Deadline));
        Assert.True(extended.IsConditionFailed);
        Assert.Equal(taken.Value, extended.Value);
        var longer = await client.CompareAndSetAsync(name, taken.Value, Held("b", Deadline));
        Assert.True(longer.EnsureDone() > taken.Value);
        Assert.True((await client.DeleteAsync(name)).EnsureDone());

        static ExpiringValue Held(string owner, TimeSpan time) => new(owner, time);
    }

    [Fact]
    public async Task Batches_and_scans_cover_all_nodes()
    {
        await using var client = await ConnectAsync();
        var keys = Numbered("sdk:batch", Keys).ToList();
        var pairs = keys.Select((key, i) => KeyValuePair.Create(key, (KvBytes)$"{i}")).ToList();
        Assert.All(await client.SetManyAsync(pairs), written => Assert.True(written.EnsureDone()));
        var read = await client.GetManyAsync([.. keys, "sdk:batch:none"]);
        Assert.Equal([.. Enumerable.Range(0, Keys).Select(i => $"{i}"), null],
            read.Select(result => result.EnsureDone()?.ToString()));
        var found = new List<string>();
        await foreach (var key in client.ScanAsync(new ScanOptions { Pattern = "sdk:batch:*", PageSize = 20 }))
            found.Add(key.ToString());
        Assert.Equal(keys.Select(key => key.ToString()).Order(), found.Distinct().Order());
        foreach (var port in nodes.Cluster.Ports)
            Assert.True(await KeysAtAsync(port) > 0, $"no key on {port}");
    }

    [Fact]
    public async Task A_cancelled_call_leaves_its_connection_to_the_others()
    {
        await using var client = await ConnectAsync();
        await client.GetManyAsync([.. Numbered("sdk:cancel", Keys)]);
        var connectionsBefore = await ConnectionsReceivedAsync();
        var cancelled = 0;
        for (var i = 0; i < 500; i++)
        {
            using var cancel = new CancellationTokenSource();
            var writing = client.SetAsync($"sdk:cancel:{i % Keys}", $"{i}", cancellationToken: cancel.Token).AsTask();
            var other = client.GetAsync($"sdk:cancel:{(i + 1) % Keys}").AsTask();
            await cancel.CancelAsync();
            try
            {
                await writing;
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
            await other;
        }
        output.WriteLine($"{cancelled} of 500 calls were cancelled in flight");
        Assert.True(cancelled > 0);
        // The counting connections themselves, one a node, are the only new ones.
        Assert.Equal(connectionsBefore + nodes.Cluster.Count, await ConnectionsReceivedAsync());
    }

    [Fact]
    public async Task A_deadline_ends_calls_to_a_node_that_is_frozen_and_others_go_on()
    {
        await using var client = await ConnectAsync();
        var keys = Numbered("sdk:frozen", 60).ToList();
        await client.SetManyAsync([.. keys.Select(key => KeyValuePair.Create(key, (KvBytes)"v"))]);
        var limit = TimeSpan.FromMilliseconds(300);
        nodes.Cluster[2].Pause();
        try
        {
            var waited = Stopwatch.StartNew();
            var reads = await client.GetManyAsync(keys, limit);
            output.WriteLine($"{reads.Count(read => !read.IsDone)} of {keys.Count} reads ended by the deadline in "
                + $"{waited.ElapsedMilliseconds} ms");
            Assert.InRange(waited.ElapsedMilliseconds, 0, 3_000);
            Assert.Contains(reads, read => read.IsDone);
            Assert.All(reads.Where(read => !read.IsDone),
                late => Assert.Equal(ClientErrorKind.TimedOut, late.Error!.Kind));
            await Waiting.UntilAsync(
                async () => (await client.GetManyAsync(keys)).All(read => read.Value?.ToString() == "v"),
                Deadline, () => "the other two nodes do not serve all keys");
        }
        finally
        {
            nodes.Cluster[2].Resume();
        }
        await nodes.Cluster.WaitReadyAsync();
        await nodes.GiveLeadersAsync(node: 2, 3, 6, 9, 12);
        Assert.All(await client.GetManyAsync(keys), read => Assert.Equal("v", read.EnsureDone()?.ToString()));
    }

    [Fact]
    public async Task A_load_does_not_notice_that_leaderships_move()
    {
        await using var client = await ConnectAsync();
        var load = new SdkLoad(client, "sdk");
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        var moved = await nodes.MoveLeadersAsync(3, 7, 11);
        await stop.CancelAsync();
        await running;
        output.WriteLine($"{load.Operations} operations over {moved} moves, {load.Problems.Count} problems");
        Assert.Empty(load.Problems);
        Assert.True(load.Operations > 500, $"only {load.Operations} operations: no load");
        foreach (var (key, count) in load.Counters)
            Assert.Equal($"{count}", await client.GetStringAsync(key));
    }

    private Task<ShardStoreClient> ConnectAsync() =>
        ShardStoreClient.ConnectAsync(new ClientOptions { Endpoints = nodes.Cluster.Endpoints });

    private static IEnumerable<KvBytes> Numbered(string prefix, int count) =>
        Enumerable.Range(0, count).Select(i => (KvBytes)$"{prefix}:{i}");

    private static async Task<long> KeysAtAsync(int port)
    {
        using var client = await RespClient.ConnectAsync(port);
        return long.Parse(client.Call("DBSIZE")[1..], CultureInfo.InvariantCulture);
    }

    private async Task<long> ConnectionsReceivedAsync()
    {
        const string field = "total_connections_received:";
        var received = 0L;
        foreach (var port in nodes.Cluster.Ports)
        {
            using var client = await RespClient.ConnectAsync(port);
            var line = client.Call("INFO stats").Split("\r\n").Single(line => line.StartsWith(field));
            received += long.Parse(line[field.Length..], CultureInfo.InvariantCulture);
        }
        return received;
    }
}
