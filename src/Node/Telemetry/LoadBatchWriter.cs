using System.Buffers;
using System.Buffers.Binary;

namespace ShardStore.Node.Telemetry;

/// <summary>
/// Writes load history as bytes: magic "SLH", version, when the batch may be forgotten (unix seconds), then blocks
/// until the end. A block is kind and metric (one byte each), width in seconds, first bucket, number of buckets, number
/// of ids, the first id and the gaps to the next ones, then for each id the buckets' codes, 16 bits each, low byte
/// first. Whole numbers without a size are variable-length integers. One bucket of a thousand shards takes 3 KB a
/// metric.
/// </summary>
internal sealed class LoadBatchWriter(IBufferWriter<byte> into)
{
    public const byte Version = 2;

    public static ReadOnlySpan<byte> Magic => "SLH"u8;

    public void Head(long expiresUnixSeconds)
    {
        into.Write(Magic);
        into.Write([Version]);
        VarInt((ulong)expiresUnixSeconds);
    }

    public void Block(LoadBlock block)
    {
        into.Write([(byte)block.Kind, (byte)block.Metric]);
        VarInt((ulong)block.WidthSeconds);
        VarInt((ulong)block.FirstBucket);
        VarInt((ulong)block.Buckets);
        VarInt((ulong)block.Ids.Length);
        for (var i = 0; i < block.Ids.Length; i++)
            VarInt((ulong)(i == 0 ? block.Ids[i] : block.Ids[i] - block.Ids[i - 1]));
        foreach (var code in block.Codes)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(into.GetSpan(sizeof(ushort)), code.Bits);
            into.Advance(sizeof(ushort));
        }
    }

    private void VarInt(ulong value)
    {
        var span = into.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        span[length++] = (byte)value;
        into.Advance(length);
    }
}
