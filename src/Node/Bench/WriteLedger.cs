using System.Buffers.Text;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>
/// What one worker wrote to its keys: per key the last sequence sent and the last acknowledged. The keys belong to
/// this worker alone and have at most one write in flight, so a value read back must be one of those sent at or after
/// the last acknowledged one. A write whose fate is unknown may still land at any later time, so its key is not
/// written again.
/// </summary>
internal sealed class WriteLedger
{
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly Lock _gate = new();

    /// <summary>The keys with an acknowledged write.</summary>
    internal long[] AcknowledgedKeys()
    {
        lock (_gate)
            return [.. _entries.Where(e => e.Value.Acknowledged > 0).Select(e => e.Key)];
    }

    /// <summary>False when the key has a write in flight or of unknown fate.</summary>
    internal bool TryBegin(long key, out long sequence)
    {
        lock (_gate)
        {
            var entry = _entries.GetValueOrDefault(key);
            sequence = entry.Sent + 1;
            if (entry.Busy)
                return false;
            _entries[key] = entry with { Sent = sequence, Busy = true };
            return true;
        }
    }

    internal void OnAcknowledged(long key, long sequence)
    {
        lock (_gate)
            _entries[key] = _entries[key] with { Acknowledged = sequence, Busy = false };
    }

    internal void OnFailed(long key, bool mayHaveRun)
    {
        lock (_gate)
            _entries[key] = _entries[key] with { Busy = mayHaveRun };
    }

    /// <summary>Null when the value is one that may be there, else what is wrong.</summary>
    internal string? Check(long key, in RespReply value)
    {
        Entry entry;
        lock (_gate)
            entry = _entries[key];
        var bytes = value.Bytes.Span;
        var found = $"key {key}: write {entry.Acknowledged} was acknowledged, {entry.Sent} sent last, found ";
        if (value.IsNull)
            return found + "nothing";
        if (!Utf8Parser.TryParse(bytes, out long foundKey, out var used) || foundKey != key
            || used >= bytes.Length || !Utf8Parser.TryParse(bytes[(used + 1)..], out long sequence, out _))
            return found + $"a value that nobody wrote, of {bytes.Length} bytes";
        return sequence < entry.Acknowledged || sequence > entry.Sent ? found + $"write {sequence}" : null;
    }

    /// <summary>Key, sequence and filling, in exactly the buffer's length.</summary>
    internal static void FillValue(long key, long sequence, Span<byte> value)
    {
        value.Fill((byte)'.');
        Utf8Formatter.TryFormat(key, value, out var length);
        value[length] = (byte)':';
        Utf8Formatter.TryFormat(sequence, value[(length + 1)..], out var digits);
        value[length + 1 + digits] = (byte)':';
    }

    private readonly record struct Entry(long Sent, long Acknowledged, bool Busy);
}
