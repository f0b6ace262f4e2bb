using System.Buffers;
using System.Buffers.Binary;
using ShardStore.Raft;
using ShardStore.Storage;

namespace ShardStore.Node.Replication;

/// <summary>The values are on the wire: never renumber.</summary>
public enum SnapshotMessageType : byte { Offer = 1, Chunk = 2, Progress = 3, Done = 4 }

/// <summary>Who a snapshot message is about: the same in each of them.</summary>
public readonly record struct SnapshotKey(ulong Group, ReplicaId To, ulong Transfer);

/// <summary>What the leader offers a replica that its log no longer reaches.</summary>
public sealed record SnapshotOffer(
    SnapshotKey Key, ReplicaId From, CheckpointState State, ulong ContentHash, long TotalBytes, int ChunkCount);

/// <summary>Snapshot traffic as bytes of the bulk channel: version, type, key, then the fields of the type. Chunks
/// protect themselves; the rest is protected by the frame's checksum.</summary>
public static class SnapshotMessages
{
    public const ulong Channel = 1;
    private const byte Version = 1;
    private const int KeyBytes = 2 + 8 + 8 + 8;

    public static byte[] Offer(SnapshotOffer offer)
    {
        var writer = Begin(SnapshotMessageType.Offer, offer.Key);
        Put(writer, offer.From.Value);
        Put(writer, offer.State.AppliedIndex);
        Put(writer, offer.State.AppliedTerm);
        Put(writer, (ulong)offer.State.ClockMs);
        Put(writer, offer.ContentHash);
        Put(writer, (ulong)offer.TotalBytes);
        Put(writer, (ulong)offer.ChunkCount);
        writer.Write(offer.State.Configuration);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The chunk is appended by the caller to the returned writer.</summary>
    public static ArrayBufferWriter<byte> Chunk(SnapshotKey key, int number)
    {
        var writer = Begin(SnapshotMessageType.Chunk, key);
        Put(writer, (ulong)number);
        return writer;
    }

    /// <summary>"Everything before <paramref name="nextChunk"/> is safe here": acknowledgement and credit.</summary>
    public static byte[] Progress(SnapshotKey key, int nextChunk)
    {
        var writer = Begin(SnapshotMessageType.Progress, key);
        Put(writer, (ulong)nextChunk);
        return writer.WrittenSpan.ToArray();
    }

    public static byte[] Done(SnapshotKey key, bool installed)
    {
        var writer = Begin(SnapshotMessageType.Done, key);
        Put(writer, installed ? 1UL : 0UL);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>False for bytes that are no snapshot message of this version.</summary>
    public static bool TryReadHead(
        ReadOnlyMemory<byte> bytes, out SnapshotMessageType type, out SnapshotKey key, out ReadOnlyMemory<byte> body)
    {
        (type, key, body) = (default, default, default);
        if (bytes.Length < KeyBytes + 8 || bytes.Span[0] != Version)
            return false;
        type = (SnapshotMessageType)bytes.Span[1];
        key = new SnapshotKey(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[2..]),
            new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[10..])),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span[18..]));
        body = bytes[KeyBytes..];
        return Enum.IsDefined(type);
    }

    public static ulong ReadNumber(ReadOnlyMemory<byte> body) => BinaryPrimitives.ReadUInt64LittleEndian(body.Span);

    public static bool TryReadOffer(SnapshotKey key, ReadOnlyMemory<byte> body, out SnapshotOffer? offer)
    {
        offer = null;
        if (body.Length < 7 * 8)
            return false;
        var fields = new ulong[7];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = BinaryPrimitives.ReadUInt64LittleEndian(body.Span[(i * 8)..]);
        var state = new CheckpointState(fields[1], fields[2], body[(7 * 8)..].ToArray(), (long)fields[3]);
        if (fields[5] > long.MaxValue || fields[6] is 0 or > int.MaxValue)
            return false;
        offer = new SnapshotOffer(key, new ReplicaId(fields[0]), state, fields[4], (long)fields[5], (int)fields[6]);
        return true;
    }

    private static ArrayBufferWriter<byte> Begin(SnapshotMessageType type, SnapshotKey key)
    {
        var writer = new ArrayBufferWriter<byte>(256);
        writer.Write([Version, (byte)type]);
        Put(writer, key.Group);
        Put(writer, key.To.Value);
        Put(writer, key.Transfer);
        return writer;
    }

    private static void Put(ArrayBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(writer.GetSpan(8), value);
        writer.Advance(8);
    }
}
