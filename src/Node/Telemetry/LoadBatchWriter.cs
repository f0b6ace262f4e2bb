using System.Buffers;
using System.Buffers.Binary;

namespace ShardStore.Node.Telemetry;

/// <summary>
/// Writes load history as bytes: magic "SLH", version, then runs until the end. A run is kind and metric (one byte
/// each), then as variable-length integers id, width in seconds, first bucket and count, then count 32-bit floats.
/// </summary>
internal sealed class LoadBatchWriter(IBufferWriter<byte> into)
{
    public const byte Version = 1;

    public static ReadOnlySpan<byte> Magic => "SLH"u8;

    public int Runs { get; private set; }

    public void Head()
    {
        into.Write(Magic);
        into.Write([Version]);
    }

    public void Run(SeriesKey key, int widthSeconds, RollupRing ring, long firstBucket, int count)
    {
        into.Write([(byte)key.Kind, (byte)key.Metric]);
        VarInt((ulong)key.Id);
        VarInt((ulong)widthSeconds);
        VarInt((ulong)firstBucket);
        VarInt((ulong)count);
        var values = into.GetSpan(count * sizeof(float));
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(values[(i * sizeof(float))..], ring.At(firstBucket + i));
        into.Advance(count * sizeof(float));
        Runs++;
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
