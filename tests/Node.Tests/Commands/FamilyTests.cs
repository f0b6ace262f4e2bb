using System.Text;

namespace ShardStore.Node.Tests.Commands;

public sealed class FamilyTests
{
    [Fact]
    public async Task Floats_have_the_digits_of_redis()
    {
        await Script.RunAsync(
            """
            incrbyfloat novar 1 -> "1"
            incrbyfloat novar 1.5 -> "2.5"
            set novar 3 -> +OK
            incrbyfloat novar 1.1 -> "4.1"
            set novar 17179869184 -> +OK
            incrbyfloat novar 1.5 -> "17179869185.5"
            set foo 1 -> +OK
            incrbyfloat foo 1e-17 -> "1.00000000000000001"
            incrbyfloat foo inf -> -ERR increment would produce NaN or Infinity
            incrbyfloat foo nan -> -ERR value is not a valid float
            incrbyfloat foo 0x10 -> -ERR value is not a valid float
            set foo 5.0e3 -> +OK
            incrbyfloat foo 2.0e2 -> "5200"
            set foo 0.1 -> +OK
            incrbyfloat foo 0.2 -> "0.3"
            incrbyfloat foo -0.3 -> "0"
            incrbyfloat foo 3.0e-5 -> "0.00003"
            set foo " 1" -> +OK
            incrbyfloat foo 1 -> -ERR value is not a valid float
            """);
    }

    [Fact]
    public async Task Times_are_told_and_conditions_kept()
    {
        await Script.RunAsync(
            """
            set k v -> +OK
            ttl k -> :-1
            ttl none -> :-2
            expire k 100 xx -> :0
            expire k 100 gt -> :0
            expire k 100 nx -> :1
            expire k 200 nx -> :0
            expire k 50 gt -> :0
            expire k 200 lt -> :0
            expire k 300 gt -> :1
            ttl k -> :300
            expireat k 4102444800 -> :1
            expiretime k -> :4102444800
            pexpiretime k -> :4102444800000
            persist k -> :1
            persist k -> :0
            expire k 9223370399119966 -> -ERR invalid expire time in 'expire' command
            expire k "" -> -ERR value is not an integer or out of range
            expire k 10 ab -> -ERR Unsupported option ab
            expire k -1 -> :1
            exists k -> :0
            """);
    }

    [Fact]
    public async Task Keys_of_all_shards_are_listed_counted_and_flushed()
    {
        await using var cluster = LocalCluster.Start(shardCount: 7);
        using var client = await cluster.ConnectAsync();
        var names = Enumerable.Range(0, 300).Select(i => $"key:{i}").ToList();
        foreach (var name in names)
            Assert.Equal("+OK", client.Call($"set {name} x"));
        Assert.Equal(":300", client.Call("dbsize"));
        Assert.Equal(11, client.Call("keys key:1?").Split(',').Length + 1);
        Assert.Equal("[]", client.Call("keys nothing*"));
        Assert.Equal(Scan(client, ""), names.ToHashSet());
        Assert.Equal(111, Scan(client, "match key:1* count 100").Count);
        Assert.Empty(Scan(client, "type list"));
        Assert.Contains(client.Call("randomkey").Trim('"'), names);
        Assert.Contains("db0:keys=300,expires=0", client.Call("info keyspace"), StringComparison.Ordinal);
        Assert.Equal("-ERR invalid cursor", client.Call("scan x"));
        Assert.Equal("-ERR syntax error", client.Call("scan 0 count 0"));
        Assert.Equal("-ERR syntax error", client.Call("scan 0 foo"));
        Assert.Equal(":1", client.Call("cluster countkeysinslot " + Resp.HashSlot.Of("key:7"u8)));
        Assert.Equal("[\"key:7\"]", client.Call($"cluster getkeysinslot {Resp.HashSlot.Of("key:7"u8)} 10"));
        Assert.Equal("+OK", client.Call("flushall async"));
        Assert.Equal("-ERR syntax error", client.Call("flushall foo"));
        Assert.Equal("nil", client.Call("randomkey"));
        Assert.Equal(":0", client.Call("dbsize"));
    }

    [Fact]
    public async Task What_clients_send_when_they_connect_is_answered()
    {
        await Script.RunAsync(
            """
            ping -> +PONG
            PING "a b" -> "a b"
            client SETINFO lib-name test -> +OK
            client setname x -> +OK
            client getname -> "x"
            client setname "a b" -> -ERR Client names cannot contain spaces, newlines or special characters.
            client nosuch -> -ERR unknown subcommand 'nosuch'. Try CLIENT HELP.
            client reply off on -> -ERR wrong number of arguments for 'client|reply' command
            cluster nosuch -> -ERR unknown subcommand 'nosuch'. Try CLUSTER HELP.
            cluster keyslot foo -> :12182
            cluster links -> []
            select 0 -> +OK
            select 1 -> -ERR SELECT is not allowed in cluster mode
            readonly -> +OK
            readwrite -> +OK
            asking -> +OK
            config get nosuch -> []
            config get databases -> ["databases", "1"]
            config set maxmemory 5 -> +OK
            config get MAXMEM* -> ["maxmemory", "5", "maxmemory-policy", "noeviction", "maxmemory-samples", "5"]
            config set nosuch 1 -> -ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'
            function flush -> +OK
            hello 4 -> -NOPROTO unsupported protocol version
            hello x -> -ERR Protocol version is not an integer or out of range
            subscribe a -> ["subscribe", "a", :1]
            ping -> ["pong", ""]
            unsubscribe -> ["unsubscribe", "a", :0]
            ping -> +PONG
            wait 0 10 -> :1
            shardstore.versions a -> -ERR unknown command 'shardstore.versions', with args beginning with: 'a'
            command getkeys mset a 1 b 2 -> ["a", "b"]
            command getkeys shardstore.once 1 1 1 set q 1 -> ["q"]
            command info nosuch -> [nil]
            command info get -> [["get", :2, [+readonly, +fast], :1, :1, :1, [+@read, +@string, +@fast], [], [], []]]
            object encoding none -> nil
            set e 12 -> +OK
            object encoding e -> "int"
            object refcount e -> :1
            type e -> +string
            reset -> +RESET
            client getname -> nil
            """);
    }

    [Fact]
    public async Task Resp3_has_maps_and_nulls_and_goes_back()
    {
        await using var cluster = LocalCluster.Start(shardCount: 2);
        using var client = await cluster.ConnectAsync();
        Assert.Matches("^{\"server\": \"redis\", \"version\": \"7.0.15\", \"proto\": :3, \"id\": :\\d+, \"mode\": "
            + "\"cluster\", \"role\": \"master\", \"modules\": \\[\\]}$", client.Call("hello 3 setname me"));
        Script.Run(client, "get none -> nil\nconfig get port* -> {\"port\": \"0\"}\nclient getname -> \"me\"");
        Script.Run(client, "subscribe a -> >[\"subscribe\", \"a\", :1]\nping -> +PONG");
        Assert.Equal("+OK", client.Call("client maint_notifications on moving-endpoint-type none"));
        Assert.Equal(1, cluster.Server.PushMaintenance(writer =>
        {
            writer.WritePushHeader(3);
            writer.WriteBulk("SMIGRATING"u8);
            writer.WriteInteger(1);
            writer.WriteBulk("0-5"u8);
        }));
        Assert.Equal(">[\"SMIGRATING\", :1, \"0-5\"]", client.Read());
        Assert.StartsWith("[\"server\"", client.Call("hello 2"));
        Assert.Equal("nil", client.Call("get none"));
    }

    [Fact]
    public async Task The_cluster_is_told_in_all_its_forms()
    {
        await using var cluster = LocalCluster.Start(shardCount: 2);
        using var client = await cluster.ConnectAsync();
        var (a, b) = (new string('b', 40), new string('c', 40));
        Script.Run(client, $"cluster slots -> [[:0, :8191, [\"127.0.0.1\", :7001, \"{a}\", []], "
            + $"[\"127.0.0.1\", :7002, \"{b}\", []]], [:8192, :16383, [\"127.0.0.1\", :7001, \"{a}\", []], "
            + $"[\"127.0.0.1\", :7002, \"{b}\", []]]]");
        Assert.Equal($"\"{a} 127.0.0.1:7001@7101 myself,master - 0 0 3 connected 0-16383\n"
            + $"{b} 127.0.0.1:7002@7102 master - 0 0 3 connected\n\"", client.Call("cluster nodes"));
        Assert.StartsWith("\"cluster_state:ok\r\ncluster_slots_assigned:16384\r\n", client.Call("cluster info"));
        Assert.StartsWith("[[\"slots\", [:0, :8191], \"nodes\", [[\"id\", ", client.Call("cluster shards"));
        Assert.Equal($"\"{a}\"", client.Call("cluster myid"));
        var map = cluster.Map;
        cluster.Map = new Node.Routing.ShardMap(4, "test", map.Nodes, [map.Shards[0], map.Shards[1] with
        {
            LeaderNode = 2,
            Replicas = [.. map.Shards[1].Replicas.Select(replica => replica with { ReadWeight = 0 })],
        }]);
        Script.Run(client, $"cluster slots -> [[:0, :8191, [\"127.0.0.1\", :7001, \"{a}\", []]], "
            + $"[:8192, :16383, [\"127.0.0.1\", :7002, \"{b}\", []]]]");
        cluster.Map = new Node.Routing.ShardMap(4, "test", map.Nodes, [map.Shards[0], map.Shards[1] with
        {
            Replicas = [map.Shards[1].Replicas[0] with { ReadWeight = 75 },
                map.Shards[1].Replicas[1] with { ReadWeight = 25 }],
        }]);
        Assert.Contains("[\"shardstore-read-weight\", \"25\"]", client.Call("cluster slots"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_keep_every_byte()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        var all = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        Assert.Equal("+OK", client.Call("SET"u8.ToArray(), all, all));
        Assert.Equal("\"" + Encoding.Latin1.GetString(all) + "\"", client.Call("get"u8.ToArray(), all));
        Assert.Equal("\"" + Encoding.Latin1.GetString(all) + "\"", client.Call("echo"u8.ToArray(), all));
        Assert.StartsWith("-ERR key is too long", client.Call("get"u8.ToArray(), new byte[70_000]));
    }

    [Fact]
    public async Task Long_error_texts_are_those_of_redis()
    {
        await using var cluster = LocalCluster.Start();
        using var client = await cluster.ConnectAsync();
        Assert.Equal("-" + Resp.RespErrorText.DebugRefused, client.Call("debug sleep 0"));
        Assert.Equal("-" + Resp.RespErrorText.NoPasswordSet, client.Call("auth x"));
        Assert.StartsWith("-ERR MAINT_NOTIFICATIONS needs RESP3", client.Call("client maint_notifications on"));
    }

    private static HashSet<string> Scan(RespClient client, string options)
    {
        var found = new HashSet<string>();
        var cursor = "0";
        do
        {
            var page = client.Call($"scan {cursor} {options}");
            cursor = page.Split('"')[1];
            found.UnionWith(page[(page.IndexOf(", [", StringComparison.Ordinal) + 3)..^2]
                .Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(key => key.Trim('"')));
        }
        while (cursor != "0");
        return found;
    }
}
