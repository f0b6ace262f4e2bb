using System.Buffers.Binary;

namespace ShardStore.Node.Telemetry;

/// <summary>
/// What rides on a consensus frame: one node's utilization in 64 bytes, then the demand of shards it leads, 32 bytes
/// each, at most <see cref="DemandsMax"/>. A frame may hold several blocks, one behind the other, when the meta leader
/// relays those of other nodes. Little-endian. Everything read is checked: a block comes from the network.
/// </summary>
public sealed record UtilizationBlock(NodeUtilization Node, uint AgeMs, ShardDemand[] Demands)
{
    public const byte Version = 3;

    /// <summary>The version before damage was told: a bit more for the number of demands. Still read.</summary>
    private const byte VersionBeforeDamage = 2;

    /// <summary>The version before the disk's fill: memory's share in four bytes. Still read, so that a cluster can be
    /// upgraded node by node.</summary>
    private const byte VersionBeforeFill = 1;

    /// <summary>Of the byte that counts the demands.</summary>
    private const byte DiskLowFlag = 0x80;
    private const byte DamagedFlag = 0x40;

    public const int NodePartBytes = 64;
    public const int DemandBytes = 32;

    /// <summary>Keeps a block within 2,080 bytes; more led shards take turns (see <see
    /// cref="DemandDeltas"/>).</summary>
    public const int DemandsMax = 63;

    private const int DemandsMaxBefore = 64;

    public const int BlockBytesMax = NodePartBytes + (DemandsMax * DemandBytes);

    /// <summary>Memory and size are sent in KiB: 32 bits hold 4 TiB.</summary>
    private const int KiB = 1024;

    public int EncodedBytes => NodePartBytes + (Demands.Length * DemandBytes);

    /// <summary>Writes the block to the start of <paramref name="into"/> and returns its length.</summary>
    public int Encode(Span<byte> into)
    {
        if (Demands.Length > DemandsMax)
            throw new ArgumentException($"{Demands.Length} demands in one block; at most {DemandsMax} are allowed");
        var writer = new FieldWriter(into);
        writer.Byte(Version);
        writer.Byte((byte)(Demands.Length | (Node.IsDiskLow ? DiskLowFlag : 0) | (Node.IsDamaged ? DamagedFlag : 0)));
        writer.UInt16((ushort)Node.Node);
        writer.UInt32(Node.Sequence);
        writer.UInt32(AgeMs);
        writer.Single(Node.CpuShare);
        writer.Single(Node.CpuAttributedShare);
        writer.UInt32(ToKiB(Node.MemoryBytes));
        writer.Half(Node.MemoryShare);
        writer.Half(Node.DiskShare);
        writer.Single(Node.DiskReadBytesPerSecond);
        writer.Single(Node.DiskWriteBytesPerSecond);
        writer.Single(Node.NetworkInBytesPerSecond);
        writer.Single(Node.NetworkOutBytesPerSecond);
        writer.UInt32(Node.FsyncMicrosP99);
        writer.UInt32(Node.RequestMicrosP99);
        writer.Single(Node.ReadsPerSecond);
        writer.Single(Node.WritesPerSecond);
        writer.Single(Node.StoredBytes);
        foreach (var demand in Demands)
            EncodeDemand(ref writer, demand);
        return writer.Written;
    }

    /// <summary>Reads one block from the start of <paramref name="bytes"/>. False with a reason when it is damaged or
    /// of another version; then nothing of it may be used.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, out UtilizationBlock? block, out int consumed, out string? error)
    {
        block = null;
        consumed = 0;
        error = CheckLengths(bytes);
        if (error is not null)
            return false;
        var reader = new FieldReader(bytes[1..]);
        var flags = reader.Byte();
        var demands = new ShardDemand[DemandsIn(bytes)];
        var number = reader.UInt16();
        var sequence = reader.UInt32();
        var ageMs = reader.UInt32();
        var node = DecodeNode(ref reader, number, sequence, bytes[0]) with
        {
            IsDiskLow = (flags & DiskLowFlag) != 0,
            IsDamaged = bytes[0] == Version && (flags & DamagedFlag) != 0,
        };
        for (var i = 0; i < demands.Length; i++)
            demands[i] = DecodeDemand(ref reader);
        if (reader.HasBadNumber)
        {
            error = $"utilization block of node {number}: a rate is negative or not a number";
            return false;
        }
        block = new UtilizationBlock(node, ageMs, demands);
        consumed = block.EncodedBytes;
        return true;
    }

    private static string? CheckLengths(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < NodePartBytes)
            return $"utilization block of {bytes.Length} bytes; at least {NodePartBytes} are needed";
        if (bytes[0] is < VersionBeforeFill or > Version)
            return $"utilization block version {bytes[0]}; this node reads versions {VersionBeforeFill} to {Version}";
        var demandCount = DemandsIn(bytes);
        var demandsMax = bytes[0] == Version ? DemandsMax : DemandsMaxBefore;
        if (demandCount > demandsMax)
            return $"utilization block with {demandCount} demands; at most {demandsMax} are allowed";
        var needed = NodePartBytes + (demandCount * DemandBytes);
        return bytes.Length < needed ? $"utilization block of {bytes.Length} bytes; its head says {needed}" : null;
    }

    private static int DemandsIn(ReadOnlySpan<byte> bytes) =>
        bytes[1] & ~DiskLowFlag & (bytes[0] == Version ? ~DamagedFlag : ~0);

    private static NodeUtilization DecodeNode(ref FieldReader reader, int number, uint sequence, byte version) =>
        new(number, sequence)
        {
            CpuShare = reader.Single(),
            CpuAttributedShare = reader.Single(),
            MemoryBytes = reader.UInt32() * (long)KiB,
            MemoryShare = version >= VersionBeforeDamage ? reader.Half() : reader.Single(),
            DiskShare = version >= VersionBeforeDamage ? reader.Half() : 0,
            DiskReadBytesPerSecond = reader.Single(),
            DiskWriteBytesPerSecond = reader.Single(),
            NetworkInBytesPerSecond = reader.Single(),
            NetworkOutBytesPerSecond = reader.Single(),
            FsyncMicrosP99 = reader.UInt32(),
            RequestMicrosP99 = reader.UInt32(),
            ReadsPerSecond = reader.Single(),
            WritesPerSecond = reader.Single(),
            StoredBytes = reader.Single(),
        };

    private static void EncodeDemand(ref FieldWriter writer, in ShardDemand demand)
    {
        writer.UInt32((uint)demand.ShardId);
        writer.Single(demand.ReadsPerSecond);
        writer.Single(demand.WritesPerSecond);
        writer.Single(demand.BytesInPerSecond);
        writer.Single(demand.BytesOutPerSecond);
        writer.Single(demand.CpuMicrosPerSecond);
        writer.UInt32(demand.RequestMicrosP99);
        writer.UInt32(ToKiB(demand.SizeBytes));
    }

    private static ShardDemand DecodeDemand(ref FieldReader reader) =>
        new(reader.Int32(), reader.Single(), reader.Single())
        {
            BytesInPerSecond = reader.Single(),
            BytesOutPerSecond = reader.Single(),
            CpuMicrosPerSecond = reader.Single(),
            RequestMicrosP99 = reader.UInt32(),
            SizeBytes = reader.UInt32() * (long)KiB,
        };

    private static uint ToKiB(long bytes) => (uint)Math.Clamp((bytes + KiB - 1) / KiB, 0, uint.MaxValue);

    private ref struct FieldWriter(Span<byte> into)
    {
        private readonly Span<byte> _into = into;

        public int Written { get; private set; }

        public void Byte(byte value) => Take(1)[0] = value;
        public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);
        public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);
        public void Half(float value) => BinaryPrimitives.WriteHalfLittleEndian(Take(2), (Half)value);
        public void Single(float value) => BinaryPrimitives.WriteSingleLittleEndian(Take(4), value);

        private Span<byte> Take(int length)
        {
            var place = _into.Slice(Written, length);
            Written += length;
            return place;
        }
    }

    /// <summary>Lengths are checked before; this one only remembers whether a number made no sense.</summary>
    private ref struct FieldReader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> _rest = bytes;

        public bool HasBadNumber { get; private set; }

        public byte Byte() => Take(1)[0];
        public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
        public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

        public int Int32()
        {
            var value = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
            HasBadNumber |= value < 0;
            return value;
        }

        public float Half() => Checked((float)BinaryPrimitives.ReadHalfLittleEndian(Take(2)));

        public float Single() => Checked(BinaryPrimitives.ReadSingleLittleEndian(Take(4)));

        private float Checked(float value)
        {
            HasBadNumber |= !float.IsFinite(value) || value < 0;
            return value;
        }

        private ReadOnlySpan<byte> Take(int length)
        {
            var field = _rest[..length];
            _rest = _rest[length..];
            return field;
        }
    }
}
