namespace ShardStore.Resp;

/// <summary>Key → slot as Redis Cluster defines it: CRC16 (XMODEM) of the key, or of its {tag}, modulo 16384.
/// </summary>
public static class HashSlot
{
    public const int Count = 16384;

    private static readonly ushort[] Table = BuildTable();

    public static int Of(ReadOnlySpan<byte> key) => Crc16(TagOf(key)) & (Count - 1);

    /// <summary>What is hashed: the bytes between the first '{' and the first '}' after it, unless that is empty;
    /// else the whole key.</summary>
    public static ReadOnlySpan<byte> TagOf(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open < 0)
            return key;
        var rest = key[(open + 1)..];
        var close = rest.IndexOf((byte)'}');
        return close <= 0 ? key : rest[..close];
    }

    private static ushort Crc16(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (var b in bytes)
            crc = (ushort)((crc << 8) ^ Table[(crc >> 8) ^ b]);
        return crc;
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = i << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
