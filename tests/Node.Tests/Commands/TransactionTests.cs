namespace ShardStore.Node.Tests.Commands;

public sealed class TransactionTests
{
    [Fact]
    public async Task Queued_commands_run_together()
    {
        await Script.RunAsync(
            """
            multi -> +OK
            set a 1 -> +QUEUED
            incr a -> +QUEUED
            echo hi -> +QUEUED
            incrby a x -> +QUEUED
            get a -> +QUEUED
            dbsize -> +QUEUED
            exec -> [+OK, :2, "hi", -ERR value is not an integer or out of range, "2", :1]
            exec -> -ERR EXEC without MULTI
            discard -> -ERR DISCARD without MULTI
            multi -> +OK
            multi -> -ERR MULTI calls can not be nested
            watch a -> -ERR WATCH inside MULTI is not allowed
            exec -> []
            multi -> +OK
            get -> -ERR wrong number of arguments for 'get' command
            set a 3 -> +QUEUED
            exec -> -EXECABORT Transaction discarded because of previous errors.
            multi -> +OK
            nosuch a b -> -ERR unknown command 'nosuch', with args beginning with: 'a' 'b'
            discard -> +OK
            get a -> "2"
            multi -> +OK
            ping -> +QUEUED
            exec -> [+PONG]
            """);
    }

    [Fact]
    public async Task A_watched_key_that_changed_cancels_exec()
    {
        await using var cluster = LocalCluster.Start();
        using var watcher = await cluster.ConnectAsync();
        using var other = await cluster.ConnectAsync();
        Script.Run(watcher, "set a 1 -> +OK\nwatch a none -> +OK\nmulti -> +OK\nget a -> +QUEUED");
        Assert.Equal("+OK", other.Call("set a 1"));
        Script.Run(watcher, "exec -> nil\nwatch none -> +OK\nmulti -> +OK\nget a -> +QUEUED");
        Assert.Equal("+OK", other.Call("set none 1"));
        Script.Run(watcher, "exec -> nil\nwatch a -> +OK\nunwatch -> +OK\nset a 2 -> +OK\nmulti -> +OK");
        Script.Run(watcher, "get a -> +QUEUED\nexec -> [\"2\"]\nwatch a -> +OK\nmulti -> +OK\nincr a -> +QUEUED");
        Script.Run(watcher, "exec -> [:3]\nwatch a -> +OK\nflushall -> +OK\nmulti -> +OK");
        Script.Run(watcher, "ping -> +QUEUED\nexec -> nil");
    }

    [Fact]
    public async Task Watch_and_exec_in_one_pipeline_wait_for_each_other()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        for (var round = 0; round < 200; round++)
        {
            client.SendRaw("watch w\r\nmulti\r\nincr w\r\nexec\r\nwatch w\r\nset w 5\r\nmulti\r\nget w\r\nexec\r\n");
            var replies = string.Join(' ', Enumerable.Range(0, 9).Select(_ => client.Read()));
            var value = round == 0 ? 1 : 6;
            Assert.Equal($"+OK +OK +QUEUED [:{value}] +OK +OK +OK +QUEUED nil", replies);
        }
    }

    [Fact]
    public async Task All_keys_must_be_on_one_shard()
    {
        const string crossSlot = "-CROSSSLOT Keys in request don't hash to the same slot";
        await Script.RunAsync(
            $"""
            mset foo 1 bar 2 -> {crossSlot}
            mset bar 2 bcr 3 -> {crossSlot}
            mset {"{t}"}a 1 {"{t}"}b 2 -> +OK
            multi -> +OK
            set foo 1 -> +QUEUED
            set bar 1 -> +QUEUED
            exec -> {crossSlot}
            get foo -> nil
            multi -> +OK
            keys * -> -ERR Command covers several shards: not allowed inside a transaction
            exec -> -EXECABORT Transaction discarded because of previous errors.
            """, shardCount: 16);
    }

    [Fact]
    public async Task A_slot_of_another_node_inside_multi_aborts_it()
    {
        await using var cluster = LocalCluster.Start(shardCount: 2);
        using var client = await cluster.ConnectAsync();
        var map = cluster.Map;
        cluster.Map = new Node.Routing.ShardMap(
            4, map.ClusterId, map.Nodes, [map.Shards[0], map.Shards[1] with { LeaderNode = 2 }]);
        Script.Run(client, "multi -> +OK\nset foo 1 -> -MOVED 12182 127.0.0.1:7002");
        Script.Run(client, "exec -> -EXECABORT Transaction discarded because of previous errors.");
    }
}
