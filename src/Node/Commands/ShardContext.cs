using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>What a command sees of its shard while it runs. One per replica, reused; the group's thread only.
/// </summary>
public sealed class ShardContext(Keyspace keys, ScanCursors cursors, int valueBytesMax)
{
    private byte[] _scratch = new byte[256];

    public Keyspace Keys { get; } = keys;
    public ScanCursors Cursors { get; } = cursors;
    public long NowMs => Keys.NowMs;
    public RespWriter Reply { get; set; } = new();

    /// <summary>Longest value a command may build. Unit: bytes. The same on every replica.</summary>
    public int ValueBytesMax { get; } = valueBytesMax;

    /// <summary>Where RANDOMKEY goes on. Only readers use it: nothing replicated depends on it.</summary>
    public ulong RandomCursor { get; set; }

    /// <summary>Room to build a value in; valid until the next call.</summary>
    public Span<byte> Scratch(int length)
    {
        if (_scratch.Length < length || _scratch.Length > RespWriter.KeptBytesMax)
            _scratch = new byte[Math.Max(length, 256)];
        return _scratch.AsSpan(0, length);
    }
}
