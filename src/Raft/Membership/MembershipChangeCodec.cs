using System.Buffers.Binary;
using System.Collections.Immutable;

namespace ShardStore.Raft;

/// <summary>A membership change as bytes of a log entry: magic 'M', version, 16-bit count, then kind and 64-bit id of
/// each step, little endian.</summary>
public static class MembershipChangeCodec
{
    private const byte Magic = (byte)'M';
    private const byte Version = 1;
    private const int HeadBytes = 4;
    private const int StepBytes = 9;

    public static byte[] Encode(MembershipChange change)
    {
        byte[] bytes = new byte[HeadBytes + (change.Steps.Length * StepBytes)];
        bytes[0] = Magic;
        bytes[1] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), checked((ushort)change.Steps.Length));
        for (int at = 0; at < change.Steps.Length; at++)
        {
            Span<byte> step = bytes.AsSpan(HeadBytes + (at * StepBytes), StepBytes);
            step[0] = (byte)change.Steps[at].Kind;
            BinaryPrimitives.WriteUInt64LittleEndian(step[1..], change.Steps[at].Replica.Value);
        }

        return bytes;
    }

    /// <summary>Null when decoded; else what is wrong with the bytes.</summary>
    public static string? TryDecode(ReadOnlySpan<byte> bytes, out MembershipChange change)
    {
        change = MembershipChange.LeaveJoint;
        if (bytes.Length < HeadBytes || bytes[0] != Magic)
        {
            return "not a membership change";
        }

        if (bytes[1] != Version)
        {
            return $"membership change has version {bytes[1]}; this program reads {Version}";
        }

        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        if (count > MembershipChange.StepsMax || bytes.Length != HeadBytes + (count * StepBytes))
        {
            return $"membership change of {count} steps in {bytes.Length} bytes";
        }

        var steps = ImmutableArray.CreateBuilder<MembershipStep>(count);
        for (int at = 0; at < count; at++)
        {
            ReadOnlySpan<byte> step = bytes.Slice(HeadBytes + (at * StepBytes), StepBytes);
            var kind = (MembershipStepKind)step[0];
            if (kind is < MembershipStepKind.AddVoter or > MembershipStepKind.Remove)
            {
                return $"membership step of kind {step[0]}; known are 1 to 3";
            }

            var replica = new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(step[1..]));
            steps.Add(new MembershipStep(kind, replica));
        }

        change = new MembershipChange(steps.MoveToImmutable());
        return null;
    }
}
