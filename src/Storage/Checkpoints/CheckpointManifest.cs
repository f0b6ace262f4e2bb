using System.Text;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage.Checkpoints;

/// <summary>Everything that is needed to open a checkpoint beside the log itself: what it stands for, the counters,
/// where the log begins and ends, FASTER's own metadata, and a CRC32C of every page of the log. Once written, the
/// pages never change: a FASTER log has no checksums, so damage is found by these before FASTER reads a byte.
/// On disk: magic u32, version u8, fields little-endian in the order of <see cref="Write"/>, CRC32C u32.</summary>
internal sealed record CheckpointManifest
{
    public const byte Version = 1;

    /// <summary>FASTER's addresses have 48 bits.</summary>
    private const long AddressMax = (1L << 48) - 1;

    private const uint Magic = 0x464D_5353; // "SSMF"
    private const int CrcBytes = sizeof(uint);

    /// <summary>Counts up with every checkpoint of a store.</summary>
    public required ulong Number { get; init; }
    public required ulong Generation { get; init; }
    public required Guid Token { get; init; }
    public required CheckpointState State { get; init; }
    public required StoreCounters Counters { get; init; }
    public required int PageBytes { get; init; }
    public required long SegmentBytes { get; init; }
    public required long IndexBytes { get; init; }
    public required long BeginAddress { get; init; }
    public required long TailAddress { get; init; }
    public required byte[] FasterMetadata { get; init; }

    /// <summary>Of the pages from the one that holds <see cref="BeginAddress"/>; the last ends at the tail.</summary>
    public required uint[] PageCrcs { get; init; }

    public long FirstPage => BeginAddress / PageBytes;
    public long FirstByte => FirstPage * PageBytes;
    public long LogBytes => TailAddress - FirstByte;
    public int FirstSegment => (int)(FirstByte / SegmentBytes);
    public int LastSegment => (int)((TailAddress - 1) / SegmentBytes);

    public static int PageCount(long beginAddress, long tailAddress, int pageBytes) =>
        (int)((tailAddress + pageBytes - 1) / pageBytes - beginAddress / pageBytes);

    public byte[] Write()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(Number);
        writer.Write(Generation);
        writer.Write(Token.ToByteArray());
        WriteState(writer);
        WriteCounters(writer);
        writer.Write(PageBytes);
        writer.Write(SegmentBytes);
        writer.Write(IndexBytes);
        writer.Write(BeginAddress);
        writer.Write(TailAddress);
        writer.Write(FasterMetadata.Length);
        writer.Write(FasterMetadata);
        writer.Write(PageCrcs.Length);
        foreach (uint crc in PageCrcs)
            writer.Write(crc);
        writer.Flush();
        writer.Write(Checksum.Of(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        writer.Flush();
        return bytes.ToArray();
    }

    public static CheckpointManifest Read(string file, byte[] bytes)
    {
        CheckEnvelope(file, bytes);
        try
        {
            CheckpointManifest manifest = ReadBody(bytes);
            manifest.CheckRelations(file);
            return manifest;
        }
        catch (EndOfStreamException shorter)
        {
            throw new StorageCorruptException(file, bytes.Length, "more bytes", shorter);
        }
    }

    private static CheckpointManifest ReadBody(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        reader.BaseStream.Position = sizeof(uint) + 1;
        return new CheckpointManifest
        {
            Number = reader.ReadUInt64(),
            Generation = reader.ReadUInt64(),
            Token = ReadGuid(reader),
            State = ReadState(reader),
            Counters = ReadCounters(reader),
            PageBytes = reader.ReadInt32(),
            SegmentBytes = reader.ReadInt64(),
            IndexBytes = reader.ReadInt64(),
            BeginAddress = reader.ReadInt64(),
            TailAddress = reader.ReadInt64(),
            FasterMetadata = reader.ReadBytes(ReadCount(reader, 1)),
            PageCrcs = ReadCrcs(reader),
        };
    }

    private static void CheckEnvelope(string file, byte[] bytes)
    {
        if (bytes.Length < sizeof(uint) + 1 + CrcBytes || BitConverter.ToUInt32(bytes) != Magic)
            throw new StorageCorruptException(file, 0, "a checkpoint manifest's head");
        uint found = BitConverter.ToUInt32(bytes, bytes.Length - CrcBytes);
        uint expected = Checksum.Of(bytes.AsSpan(0, bytes.Length - CrcBytes));
        if (found != expected)
            throw new StorageCorruptException(file, bytes.Length - CrcBytes, $"CRC32C {expected:x8}, found {found:x8}");
        if (bytes[sizeof(uint)] != Version)
        {
            throw new IOException($"{file}: checkpoint manifest version {bytes[sizeof(uint)]}, this node reads "
                + $"version {Version}");
        }
    }

    private void CheckRelations(string file)
    {
        bool fits = PageBytes > 0 && SegmentBytes >= PageBytes && BeginAddress >= 0 && TailAddress >= BeginAddress
            && TailAddress <= AddressMax
            && PageCrcs.Length == PageCount(BeginAddress, TailAddress, PageBytes);
        if (!fits)
            throw new StorageCorruptException(file, 0, $"a CRC for each page from {BeginAddress} to {TailAddress}");
    }

    private void WriteState(BinaryWriter writer)
    {
        writer.Write(State.AppliedIndex);
        writer.Write(State.AppliedTerm);
        writer.Write(State.ClockMs);
        writer.Write(State.Configuration.Length);
        writer.Write(State.Configuration);
    }

    private static CheckpointState ReadState(BinaryReader reader)
    {
        ulong index = reader.ReadUInt64();
        ulong term = reader.ReadUInt64();
        long clockMs = reader.ReadInt64();
        return new CheckpointState(index, term, reader.ReadBytes(ReadCount(reader, 1)), clockMs);
    }

    private void WriteCounters(BinaryWriter writer)
    {
        writer.Write(Counters.KeyCount);
        writer.Write(Counters.ExpiringCount);
        writer.Write(Counters.RecordCount);
        writer.Write(Counters.LiveBytes);
        writer.Write(Counters.ContentHash);
    }

    private static StoreCounters ReadCounters(BinaryReader reader) => new(reader.ReadInt64(), reader.ReadInt64(),
        reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64());

    private static uint[] ReadCrcs(BinaryReader reader)
    {
        uint[] crcs = new uint[ReadCount(reader, sizeof(uint))];
        for (int page = 0; page < crcs.Length; page++)
            crcs[page] = reader.ReadUInt32();
        return crcs;
    }

    private static Guid ReadGuid(BinaryReader reader)
    {
        Span<byte> bytes = stackalloc byte[16];
        reader.BaseStream.ReadExactly(bytes);
        return new Guid(bytes);
    }

    /// <summary>How many items follow: never more than there are bytes for, or a wrong number would claim gigabytes.
    /// </summary>
    private static int ReadCount(BinaryReader reader, int itemBytes)
    {
        int count = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && count <= left / itemBytes
            ? count
            : throw new EndOfStreamException($"{count} items of {itemBytes} bytes do not fit into {left}");
    }
}
