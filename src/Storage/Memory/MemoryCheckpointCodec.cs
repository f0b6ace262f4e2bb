using System.Text;
using ShardStore.Storage.Segments;

namespace ShardStore.Storage.Memory;

/// <summary>A memory store as one blob: magic, version, state, content hash, records, CRC32C over all before it.
/// </summary>
internal static class MemoryCheckpointCodec
{
    private const uint Magic = 0x504B_4D53; // "SMKP"
    private const byte Version = 1;
    private const int CrcBytes = 4;

    public static byte[] Write(CheckpointState state, ulong contentHash, IReadOnlyCollection<MemoryRecord> records)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Version);
        WriteState(writer, state);
        writer.Write(contentHash);
        writer.Write(records.Count);
        foreach (MemoryRecord record in records)
            WriteRecord(writer, record);
        writer.Flush();
        writer.Write(Checksum.Of(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        writer.Flush();
        return bytes.ToArray();
    }

    public static CheckpointState Read(string name, byte[] bytes, out ulong contentHash, Action<MemoryRecord> onRecord)
    {
        Check(name, bytes);
        using BinaryReader reader = new(new MemoryStream(bytes), Encoding.UTF8);
        reader.BaseStream.Position = sizeof(uint) + 1;
        CheckpointState state = ReadState(reader);
        contentHash = reader.ReadUInt64();
        int count = reader.ReadInt32();
        for (int number = 0; number < count; number++)
            onRecord(ReadRecord(reader));
        return state;
    }

    public static void WriteState(BinaryWriter writer, CheckpointState state)
    {
        writer.Write(state.AppliedIndex);
        writer.Write(state.AppliedTerm);
        writer.Write(state.ClockMs);
        writer.Write(state.Configuration.Length);
        writer.Write(state.Configuration);
    }

    public static CheckpointState ReadState(BinaryReader reader)
    {
        ulong index = reader.ReadUInt64();
        ulong term = reader.ReadUInt64();
        long clockMs = reader.ReadInt64();
        return new CheckpointState(index, term, reader.ReadBytes(reader.ReadInt32()), clockMs);
    }

    public static void Check(string name, byte[] bytes)
    {
        if (bytes.Length < sizeof(uint) + 1 + CrcBytes || BitConverter.ToUInt32(bytes) != Magic)
            throw new StorageCorruptException(name, 0, "a memory checkpoint's head");
        uint found = BitConverter.ToUInt32(bytes, bytes.Length - CrcBytes);
        uint expected = Checksum.Of(bytes.AsSpan(0, bytes.Length - CrcBytes));
        if (found != expected)
            throw new StorageCorruptException(name, bytes.Length - CrcBytes, $"CRC32C {expected:x8}, found {found:x8}");
        // Only now: a flip in the version would be taken for a newer format.
        if (bytes[sizeof(uint)] > Version)
        {
            throw new IOException($"{name}: memory checkpoint version {bytes[sizeof(uint)]}, this node reads up to "
                + $"{Version}");
        }
    }

    private static void WriteRecord(BinaryWriter writer, MemoryRecord record)
    {
        writer.Write((byte)record.Stamp.Space);
        writer.Write(record.Stamp.Sequence);
        writer.Write(record.Stamp.ExpireAtMs);
        writer.Write(record.Key.Length);
        writer.Write(record.Key);
        writer.Write(record.Value.Length);
        writer.Write(record.Value);
    }

    private static MemoryRecord ReadRecord(BinaryReader reader)
    {
        KeySpace space = (KeySpace)reader.ReadByte();
        ulong sequence = reader.ReadUInt64();
        RecordStamp stamp = new(space, sequence, reader.ReadInt64());
        byte[] key = reader.ReadBytes(reader.ReadInt32());
        return new MemoryRecord(stamp, key, reader.ReadBytes(reader.ReadInt32()), MemoryRecords.HashOf(space, key));
    }
}
