namespace ShardStore.Client.Requests;

/// <summary>Command names and words as they go over the wire.</summary>
internal static class CommandNames
{
    internal static readonly byte[] Once = "SHARDSTORE.ONCE"u8.ToArray();
    internal static readonly byte[] CompareAndSet = "SHARDSTORE.CAS"u8.ToArray();
    internal static readonly byte[] GetVersioned = "SHARDSTORE.GETV"u8.ToArray();
    internal static readonly byte[] Get = "GET"u8.ToArray();
    internal static readonly byte[] Set = "SET"u8.ToArray();
    internal static readonly byte[] Delete = "DEL"u8.ToArray();
    internal static readonly byte[] IncrementBy = "INCRBY"u8.ToArray();
    internal static readonly byte[] Exists = "EXISTS"u8.ToArray();
    internal static readonly byte[] Expire = "PEXPIRE"u8.ToArray();
    internal static readonly byte[] TimeToLive = "PTTL"u8.ToArray();
    internal static readonly byte[] Persist = "PERSIST"u8.ToArray();
    internal static readonly byte[] Scan = "SCAN"u8.ToArray();
    internal static readonly byte[] Cluster = "CLUSTER"u8.ToArray();
    internal static readonly byte[] Ping = "PING"u8.ToArray();
    internal static readonly byte[] Slots = "SLOTS"u8.ToArray();
    internal static readonly byte[] Command = "COMMAND"u8.ToArray();
    internal static readonly byte[] Info = "INFO"u8.ToArray();
    internal static readonly byte[] Auth = "AUTH"u8.ToArray();
    internal static readonly byte[] Client = "CLIENT"u8.ToArray();
    internal static readonly byte[] SetName = "SETNAME"u8.ToArray();
    internal static readonly byte[] ReadOnly = "READONLY"u8.ToArray();
    internal static readonly byte[] Asking = "ASKING"u8.ToArray();
    internal static readonly byte[] Milliseconds = "PX"u8.ToArray();
    internal static readonly byte[] IfAbsent = "NX"u8.ToArray();
    internal static readonly byte[] IfPresent = "XX"u8.ToArray();
    internal static readonly byte[] KeepTimeToLive = "KEEPTTL"u8.ToArray();
    internal static readonly byte[] Match = "MATCH"u8.ToArray();
    internal static readonly byte[] Count = "COUNT"u8.ToArray();
}
