using ShardStore.Storage.Segments;

namespace ShardStore.Storage;

/// <summary>One record's share of a store's content hash. Shares are added with wrap-around, so that a write takes
/// the old share out and puts the new one in without looking at any other record, and the order of records is of no
/// account. The CRC alone is 32 bits; sequence, expiry and lengths are mixed in once more beside it.</summary>
internal static class RecordHash
{
    /// <summary>CRC32C over space, key, sequence, expiry and value: what a stored record is checked against.</summary>
    public static uint Crc(in RecordStamp stamp, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        Checksum.Finish(Checksum.Append(CrcOfKey(stamp, key), value));

    /// <summary>The same without the value, for values that come in parts; not finished.</summary>
    public static uint CrcOfKey(in RecordStamp stamp, ReadOnlySpan<byte> key)
    {
        uint running = Checksum.Append(Checksum.Seed, (byte)stamp.Space);
        running = Checksum.Append(running, stamp.Sequence);
        running = Checksum.Append(running, (ulong)stamp.ExpireAtMs);
        running = Checksum.Append(running, (ulong)key.Length);
        return Checksum.Append(running, key);
    }

    public static ulong Share(in RecordStamp stamp, uint crc, int keyBytes, int valueBytes)
    {
        ulong mixed = Mix(crc | ((ulong)(uint)keyBytes << 32));
        mixed = Mix(mixed ^ stamp.Sequence);
        mixed = Mix(mixed ^ (ulong)stamp.ExpireAtMs);
        return Mix(mixed ^ ((ulong)(uint)valueBytes << 8 | (byte)stamp.Space));
    }

    /// <summary>A well-spread, stable order of keys: the scan order of the memory store.</summary>
    public static ulong OfKey(KeySpace space, ReadOnlySpan<byte> key)
    {
        ulong mixed = 0xCBF2_9CE4_8422_2325 ^ (byte)space;
        foreach (byte each in key)
            mixed = (mixed ^ each) * 0x0000_0100_0000_01B3;
        return Mix(mixed);
    }

    /// <summary>Finalizer of splitmix64: every input bit reaches every output bit.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}

/// <summary>What a record carries beside key and value.</summary>
internal readonly record struct RecordStamp(KeySpace Space, ulong Sequence, long ExpireAtMs);
