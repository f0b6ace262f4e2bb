namespace ShardStore.Node.Commands;

/// <summary>One line about each command, for COMMAND DOCS.</summary>
internal static class Summaries
{
    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["get"] = "Get the value of a key",
        ["set"] = "Set the value of a key, with conditions and a time to live",
        ["setnx"] = "Set the value of a key only if it does not exist",
        ["setex"] = "Set a value and its time to live in seconds",
        ["psetex"] = "Set a value and its time to live in milliseconds",
        ["getset"] = "Set a value and return the old one",
        ["getdel"] = "Return a value and delete the key",
        ["getex"] = "Return a value and change its time to live",
        ["mget"] = "Get the values of several keys of one shard",
        ["mset"] = "Set several keys of one shard",
        ["msetnx"] = "Set several keys of one shard only if none exists",
        ["append"] = "Append to a value",
        ["strlen"] = "Get the length of a value",
        ["getrange"] = "Get a part of a value",
        ["substr"] = "Get a part of a value (old name of GETRANGE)",
        ["setrange"] = "Overwrite a part of a value",
        ["incr"] = "Add one to a whole number",
        ["decr"] = "Subtract one from a whole number",
        ["incrby"] = "Add to a whole number",
        ["decrby"] = "Subtract from a whole number",
        ["incrbyfloat"] = "Add to a decimal number",
        ["del"] = "Delete keys of one shard",
        ["unlink"] = "Delete keys of one shard",
        ["exists"] = "Count how many of the keys exist",
        ["touch"] = "Count how many of the keys exist",
        ["type"] = "Tell the type of a value",
        ["rename"] = "Rename a key within its shard",
        ["renamenx"] = "Rename a key within its shard if the new name is free",
        ["copy"] = "Copy a key within its shard",
        ["expire"] = "Set a time to live in seconds",
        ["pexpire"] = "Set a time to live in milliseconds",
        ["expireat"] = "Set the Unix time in seconds at which a key expires",
        ["pexpireat"] = "Set the Unix time in milliseconds at which a key expires",
        ["ttl"] = "Get the time to live in seconds",
        ["pttl"] = "Get the time to live in milliseconds",
        ["expiretime"] = "Get the Unix time in seconds at which a key expires",
        ["pexpiretime"] = "Get the Unix time in milliseconds at which a key expires",
        ["persist"] = "Remove the time to live of a key",
        ["shardstore.once"] = "Apply a write exactly once, however often it is sent",
        ["shardstore.cas"] = "Set a value if the key still has the expected version",
        ["shardstore.hash"] = "Tell the content hash of a key's shard on this replica",
        ["shardstore.getv"] = "Get a value and its version",
    };

    public static string Of(string name) => ByName.GetValueOrDefault(name, "");
}
