using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>A configuration as bytes, for checkpoints: magic 'C', version, then four lists (voters, outgoing voters,
/// learners, next learners), each a 16-bit count and 64-bit ids, little endian.</summary>
public static class ConfigurationCodec
{
    private const byte Magic = (byte)'C';
    private const byte Version = 1;
    private const int HeadBytes = 2;
    private const int Lists = 4;

    public static byte[] Encode(Configuration configuration)
    {
        int ids = configuration.Voters.Length + configuration.VotersOutgoing.Length
            + configuration.Learners.Length + configuration.LearnersNext.Length;
        byte[] bytes = new byte[HeadBytes + (Lists * sizeof(ushort)) + (ids * sizeof(ulong))];
        bytes[0] = Magic;
        bytes[1] = Version;
        Span<byte> rest = bytes.AsSpan(HeadBytes);
        rest = Write(rest, configuration.Voters);
        rest = Write(rest, configuration.VotersOutgoing);
        rest = Write(rest, configuration.Learners);
        Write(rest, configuration.LearnersNext);
        return bytes;
    }

    /// <summary>Null when decoded; else what is wrong with the bytes.</summary>
    public static string? TryDecode(ReadOnlySpan<byte> bytes, out Configuration configuration)
    {
        configuration = Configuration.Empty;
        if (bytes.Length < HeadBytes || bytes[0] != Magic)
        {
            return "not a configuration";
        }

        if (bytes[1] != Version)
        {
            return $"configuration has version {bytes[1]}; this program reads {Version}";
        }

        ReadOnlySpan<byte> rest = bytes[HeadBytes..];
        if (!TryRead(ref rest, out ImmutableArray<ReplicaId> voters)
            || !TryRead(ref rest, out ImmutableArray<ReplicaId> outgoing)
            || !TryRead(ref rest, out ImmutableArray<ReplicaId> learners)
            || !TryRead(ref rest, out ImmutableArray<ReplicaId> learnersNext) || !rest.IsEmpty)
        {
            return $"configuration of {bytes.Length} bytes is cut short or too long";
        }

        configuration = new Configuration
        {
            Voters = voters,
            VotersOutgoing = outgoing,
            Learners = learners,
            LearnersNext = learnersNext,
        };
        return MembershipRules.FaultIn(configuration);
    }

    private static Span<byte> Write(Span<byte> into, ImmutableArray<ReplicaId> ids)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(into, checked((ushort)ids.Length));
        into = into[sizeof(ushort)..];
        foreach (ReplicaId id in ids)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(into, id.Value);
            into = into[sizeof(ulong)..];
        }

        return into;
    }

    private static bool TryRead(ref ReadOnlySpan<byte> from, out ImmutableArray<ReplicaId> ids)
    {
        ids = [];
        if (from.Length < sizeof(ushort))
        {
            return false;
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(from);
        from = from[sizeof(ushort)..];
        if (from.Length < count * sizeof(ulong))
        {
            return false;
        }

        var builder = ImmutableArray.CreateBuilder<ReplicaId>(count);
        for (int at = 0; at < count; at++)
        {
            builder.Add(new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(from)));
            from = from[sizeof(ulong)..];
        }

        ids = builder.MoveToImmutable();
        return true;
    }
}
