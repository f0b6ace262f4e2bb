namespace ShardStore.Node.Commands;

/// <summary>Turns a store's cursors, which may use all 64 bits and mean nothing to another replica, into numbers small
/// enough to travel inside a client's cursor. Remembers the newest <see cref="KeptMax"/>; an older or a foreign one is
/// answered by "start again": keys may then be seen twice, but none is missed.</summary>
public sealed class ScanCursors
{
    public const int KeptMax = 4096;

    /// <summary>Bits of a token; the rest of a client's cursor names the shard.</summary>
    public const int TokenBits = 44;

    private const int TagBits = 16;
    private const ulong NumberMask = (1UL << (TokenBits - TagBits)) - 1;

    private readonly ulong[] _stored = new ulong[KeptMax];
    private readonly ulong[] _numbers = new ulong[KeptMax];
    private readonly ulong _tag;
    private ulong _next = 1;

    /// <param name="tag">Different for each replica and start; 16 bits are used.</param>
    public ScanCursors(int tag) => _tag = (ulong)(ushort)tag;

    /// <summary>The token for a store's cursor; 0 for 0.</summary>
    public ulong Remember(ulong storeCursor)
    {
        if (storeCursor == 0)
            return 0;
        var number = _next++ & NumberMask;
        if (number == 0)
            number = _next++ & NumberMask;
        _stored[number % KeptMax] = storeCursor;
        _numbers[number % KeptMax] = number;
        return (_tag << (TokenBits - TagBits)) | number;
    }

    /// <summary>The store's cursor, or 0 (the start) for a token this replica does not know.</summary>
    public ulong Recall(ulong token)
    {
        var number = token & NumberMask;
        var isOurs = token >> (TokenBits - TagBits) == _tag && number != 0 && _numbers[number % KeptMax] == number;
        return isOurs ? _stored[number % KeptMax] : 0;
    }
}
