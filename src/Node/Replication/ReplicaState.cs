using System.Buffers.Binary;
using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>What the shared log remembers of a replica beside its entries: who it is, which of its directories is in
/// force, its Raft hard state, and the membership its group was founded with.</summary>
public sealed record ReplicaState(
    ReplicaId Replica, uint Generation, HardState HardState, ReadOnlyMemory<byte> FoundingConfiguration)
{
    private const byte Version = 1;
    private const int HeaderBytes = 1 + 8 + 4 + 8 + 8 + 8;

    public byte[] Encode()
    {
        var bytes = new byte[HeaderBytes + FoundingConfiguration.Length];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), Replica.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(9), Generation);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(13), HardState.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(21), HardState.Vote.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(29), HardState.Commit.Value);
        FoundingConfiguration.Span.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }

    public static ReplicaState Decode(ulong group, ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < HeaderBytes)
        {
            throw new StorageCorruptException(
                $"log, state of group {group}", 0, $"at least {HeaderBytes} bytes, found {span.Length}");
        }
        if (span[0] != Version)
        {
            throw new StorageCorruptException(
                $"log, state of group {group}", 0, $"format version {Version}, found {span[0]} (a newer program's?)");
        }
        var hardState = new HardState(
            new Term(BinaryPrimitives.ReadUInt64LittleEndian(span[13..])),
            new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(span[21..])),
            new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(span[29..])));
        return new ReplicaState(
            new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(span[1..])),
            BinaryPrimitives.ReadUInt32LittleEndian(span[9..]),
            hardState,
            bytes[HeaderBytes..]);
    }
}
