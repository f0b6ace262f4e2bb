using System.Globalization;
using ShardStore.Node.Tests.Commands;

namespace ShardStore.Cluster.Tests.OneNode;

/// <summary>A cluster of one owns everything, and answers what test suites for Redis ask before they begin.</summary>
public sealed class DevNodeTests(DevNode node) : IClassFixture<DevNode>
{
    [Fact]
    public async Task It_owns_all_slots()
    {
        using var client = await node.ConnectAsync();
        Assert.Contains("cluster_slots_ok:16384", client.Call("CLUSTER INFO"), StringComparison.Ordinal);
        Assert.Contains("myself,master - 0 0", client.Call("CLUSTER NODES"), StringComparison.Ordinal);
        Assert.EndsWith("connected 0-16383\n\"", client.Call("CLUSTER NODES"), StringComparison.Ordinal);
        for (var i = 0; i < 500; i++)
            Assert.Equal("+OK", client.Call($"SET own:{i} {i}"));
    }

    public static TheoryData<string, string> Answers => new()
    {
        { "FLUSHALL", "+OK" },
        { "FLUSHALL SYNC", "+OK" },
        { "FLUSHDB ASYNC", "+OK" },
        { "FLUSHALL NOW", "-ERR syntax error" },
        { "FUNCTION FLUSH", "+OK" },
        { "FUNCTION LIST", "[]" },
        { "SELECT 0", "+OK" },
        { "SELECT 1", "-ERR SELECT is not allowed in cluster mode" },
        { "CONFIG GET maxmemory", "[\"maxmemory\", \"0\"]" },
        { "CONFIG GET no-such-setting", "[]" },
        { "CONFIG SET maxmemory-policy allkeys-lru", "+OK" },
        { "CONFIG GET maxmemory-policy", "[\"maxmemory-policy\", \"allkeys-lru\"]" },
        { "CONFIG SET maxmemory-policy noeviction", "+OK" },
        { "CONFIG SET no-such-setting 1",
            "-ERR Unknown option or number of arguments for CONFIG SET - 'no-such-setting'" },
        { "CONFIG RESETSTAT", "+OK" },
        { "SET answer 42", "+OK" },
        { "OBJECT ENCODING answer", "\"int\"" },
        { "OBJECT REFCOUNT answer", ":1" },
        { "OBJECT IDLETIME answer", ":0" },
        { "OBJECT ENCODING none", "nil" },
        { "MEMORY USAGE none", "nil" },
        { "TYPE answer", "+string" },
        { "WAIT 0 10", ":0" },
        { "RANDOMKEY", "\"answer\"" },
        { "DBSIZE", ":1" },
        { "KEYS ans*", "[\"answer\"]" },
        { "COMMAND COUNT extra", "-ERR wrong number of arguments for 'command|count' command" },
        { "COMMAND GETKEYS MSET a 1 b 2", "[\"a\", \"b\"]" },
        { "CLUSTER KEYSLOT answer", ":8951" },
        { "CLUSTER COUNTKEYSINSLOT 8951", ":1" },
        { "CLUSTER GETKEYSINSLOT 8951 10", "[\"answer\"]" },
        { "CLUSTER COUNTKEYSINSLOT 16384", "-ERR Invalid slot" },
        { "CLUSTER NOSUCH", "-ERR unknown subcommand 'NOSUCH'. Try CLUSTER HELP." },
        { "NOSUCH a b", "-ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' " },
        { "GET", "-ERR wrong number of arguments for 'get' command" },
        { "INCR text", ":1" },
        { "SET text abc", "+OK" },
        { "INCR text", "-ERR value is not an integer or out of range" },
        { "SET a b c", "-ERR syntax error" },
        { "HELLO 4", "-NOPROTO unsupported protocol version" },
        { "PING", "+PONG" },
        { "RESET", "+RESET" },
    };

    /// <summary>In one session and in this order, as a script.</summary>
    [Fact]
    public async Task It_answers_what_test_suites_ask()
    {
        using var client = await node.ConnectAsync();
        foreach (var row in Answers)
        {
            var answer = client.Call((string)row[0]);
            Assert.True(answer == (string)row[1], $"{row[0]}: {answer}, expected {row[1]}");
        }
        Assert.Matches("^:[1-9][0-9]*$", client.Call("MEMORY USAGE answer"));
        Assert.Matches("^:[1-9][0-9]*$", client.Call("COMMAND COUNT"));
        var info = client.Call("INFO");
        string[] fields =
        [
            "redis_version:7.", "redis_mode:cluster", "run_id:", "tcp_port:", "loading:0", "role:master",
            "connected_slaves:", "master_replid:", "master_repl_offset:", "cluster_enabled:1", "used_memory:",
            "db0:keys=2,expires=0,avg_ttl=",
        ];
        Assert.All(fields, field => Assert.Contains(field, info, StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_refuses_DEBUG_politely()
    {
        using var client = await node.ConnectAsync();
        foreach (var command in new[] { "DEBUG SLEEP 0", "DEBUG JMAP", "DEBUG SET-ACTIVE-EXPIRE 0", "DEBUG" })
            Assert.StartsWith("-ERR ", client.Call(command), StringComparison.Ordinal);
        Assert.Equal("+PONG", client.Call("PING"));
    }

    [Fact]
    public async Task A_scan_visits_every_key_and_counts_agree()
    {
        const int Keys = 1_500;
        using var client = await node.ConnectAsync();
        Assert.Equal("+OK", client.Call("FLUSHALL"));
        for (var i = 0; i < Keys; i++)
            client.SendRaw($"SET scan:{i} v\r\n");
        for (var i = 0; i < Keys; i++)
            Assert.Equal("+OK", client.Read());
        var found = new HashSet<string>();
        var cursor = "0";
        do
        {
            var page = client.Call($"SCAN {cursor} COUNT 100").Trim('[', ']').Split(", ");
            cursor = page[0].Trim('"');
            found.UnionWith(page[1..].Select(key => key.Trim('[', ']', '"')).Where(key => key.Length > 0));
        }
        while (cursor != "0");
        Assert.Equal(Enumerable.Range(0, Keys).Select(i => $"scan:{i}").Order(), found.Order());
        Assert.Equal($":{Keys}", client.Call("DBSIZE"));
        Assert.Equal(Keys, client.Call("KEYS scan:*").Split(',').Length);
        Assert.Equal(Keys, int.Parse(
            client.Call("INFO keyspace").Split("keys=")[1].Split(',')[0], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Transactions_are_all_or_nothing()
    {
        using var client = await node.ConnectAsync();
        using var other = await node.ConnectAsync();
        Assert.Equal("+OK", client.Call("SET {tx}a 1"));
        Assert.Equal("+OK", client.Call("WATCH {tx}a"));
        Assert.Equal("+OK", other.Call("SET {tx}a 2"));
        AssertScript(client, ("MULTI", "+OK"), ("INCR {tx}a", "+QUEUED"), ("EXEC", "nil"), ("GET {tx}a", "\"2\""));
        AssertScript(client, ("WATCH {tx}a", "+OK"), ("MULTI", "+OK"), ("INCR {tx}a", "+QUEUED"),
            ("INCR {tx}b", "+QUEUED"), ("EXEC", "[:3, :1]"));
        AssertScript(client, ("MULTI", "+OK"), ("NOSUCH", "-ERR unknown command 'NOSUCH', with args beginning with: "),
            ("EXEC", "-EXECABORT Transaction discarded because of previous errors."));
        AssertScript(client, ("MULTI", "+OK"), ("SET {tx}a x", "+QUEUED"), ("DISCARD", "+OK"),
            ("GET {tx}a", "\"3\""), ("EXEC", "-ERR EXEC without MULTI"));
    }

    [Fact]
    public async Task One_connection_may_change_its_protocol()
    {
        using var client = await node.ConnectAsync();
        Assert.StartsWith("{\"server\": ", client.Call("HELLO 3"), StringComparison.Ordinal);
        Assert.StartsWith("{\"maxmemory\": ", client.Call("CONFIG GET maxmemory"), StringComparison.Ordinal);
        Assert.StartsWith("[\"server\", ", client.Call("HELLO 2"), StringComparison.Ordinal);
        Assert.Equal("nil", client.Call("GET none"));
    }

    private static void AssertScript(RespClient client, params (string Command, string Reply)[] script)
    {
        foreach (var (command, reply) in script)
            Assert.Equal($"{command}: {reply}", $"{command}: {client.Call(command)}");
    }
}
