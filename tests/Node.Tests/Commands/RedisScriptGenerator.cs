namespace ShardStore.Node.Tests.Commands;

/// <summary>Random commands that must have the same answer everywhere: no times that depend on the moment.</summary>
internal sealed class RedisScriptGenerator(Random random)
{
    private static readonly string[] Numbers =
    [
        "0", "1", "-1", "10", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "+1", "01", " 1",
        "1.5", "abc", "\"\"", "1e3", "-0", "3.0e-5", "0.1", "1.1", "17179869185", "5.", ".5", "-.5e1",
    ];

    private static readonly string[] FarTimes = ["4102444800", "4102444801", "5000000000"];

    private readonly Queue<string> _next = [];

    public string Next() => _next.TryDequeue(out var line) ? line : Draw();

    private string Draw() => random.Next(40) switch
    {
        0 or 1 or 2 => $"set {Key} {Value}{SetOptions}",
        3 => $"get {Key}",
        4 => $"setnx {Key} {Value}",
        5 => $"getset {Key} {Value}",
        6 => $"getdel {Key}",
        7 => $"getex {Key} {Pick("persist", "exat " + Far, "pxat " + Far + "000", "ex", "ex 0", "foo", "",
            "ex 9223372036854775807", "exat 1", "pxat 0", "persist ex 5", "ex 5 px 5")}",
        8 => $"mget {Key} {Key} {Key}",
        9 => $"mset {Key} {Value} {Key} {Value}",
        10 => $"msetnx {Key} {Value} {Key} {Value}",
        11 => $"append {Key} {Value}",
        12 => $"strlen {Key}",
        13 => $"getrange {Key} {Offset} {Offset}",
        14 => $"substr {Key} {Offset} {Offset}",
        15 => $"setrange {Key} {Pick("0", "3", "10", "-1", "536870912", "x")} {Value}",
        16 or 17 => $"{Pick("incr", "decr")} {Key}",
        18 or 19 => $"{Pick("incrby", "decrby")} {Key} {Number}",
        20 or 21 or 22 => $"incrbyfloat {Key} {Number}",
        23 => $"{Pick("del", "unlink")} {Key} {Key}",
        24 => $"{Pick("exists", "touch")} {Key} {Key}",
        25 => $"type {Key}",
        26 or 27 => $"expireat {Key} {Pick(FarTimes)} {Condition}",
        28 => $"pexpireat {Key} {Pick(FarTimes)}000 {Condition}",
        29 => $"expireat {Key} {Pick("1", "-5", "x", "9223372036854775807", "0")}",
        30 => $"{Pick("expiretime", "pexpiretime")} {Key}",
        31 => $"persist {Key}",
        32 => $"rename {Key} {Key}",
        33 => $"renamenx {Key} {Key}",
        34 => $"copy {Key} {Key} {Pick("", "replace", "db 0", "x")}",
        35 => random.Next(6) == 0 ? Watch() : Pick("multi", "exec", "discard", "unwatch", "exec"),
        36 => Pick("dbsize", "keys k1", "type nothing", "echo hi", "ping", "ping x y z", "select 0"),
        37 => Pick("nosuch a b", "get", "set a", "object refcount none", "command count x",
            "client nosuch", "expire k1 10 nx xx", "expire k1 10 gt lt", "expire k1 10 foo", "setex k1 0 v",
            "setex k1 x v", "setex k1 9223372036854775807 v", "psetex k2 -1 v", "psetex k2 x v",
            "expire k1 9223372036854775807", "pexpire k1 -9223372036854775808", "getrange k1 0", "setrange none 0 \"\"",
            "setrange none 5 \"\"", "object encoding none", "memory usage none", "exec extra", "persist",
            "mset a", "mset {a}b 1 {a}c", "msetnx", "getex", "copy k1", "time x", "wait 0", "wait x 0", "wait 0 -1"),
        38 => $"{Pick("ttl", "pttl")} none",
        _ => $"set {Key} {Number}",
    };

    /// <summary>Of keys that exist: one that does not, is created and is gone again by EXEC has not changed here, and
    /// has in Redis (docs/limits.md).</summary>
    private string Watch()
    {
        _next.Enqueue("watch k1 k2");
        return "mset k1 watched k2 watched";
    }

    private string Key => "k" + random.Next(1, 9);
    private string Number => Pick(Numbers);
    private string Offset => Pick("0", "1", "-1", "3", "-3", "100", "-100", "x");
    private string Far => Pick(FarTimes);
    private string Condition => Pick("", "", "nx", "xx", "gt", "lt", "nx gt", "gt lt", "foo");
    private string Value => Pick("abc", "\"\"", "\"with blank\"", "\"\\x00\\xff\\r\\n\"", Number,
        "a-longer-value-here");

    private string SetOptions => Pick(
        "", "", "", " nx", " xx", " get", " nx get", " xx get", " keepttl", " exat 4102444800",
        " pxat 4102444800000", " keepttl exat 1", " ex", " ex 0", " px -1", " foo", " nx xx", " keepttl get",
        " ex 10 px 10", " get ex x", " exat 0", " pxat -1", " ex 9223372036854775807", " nx xx get");

    private string Pick(params string[] choices) => choices[random.Next(choices.Length)];
}
