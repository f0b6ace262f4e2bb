using ShardStore.Raft;

namespace ShardStore.Fuzz.Targets;

/// <summary>Configurations and changes of them, as they stand in logs and snapshots.</summary>
internal sealed class MembershipTarget : IFuzzTarget
{
    public string Name => "membership";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        ConfigurationCodec.Encode(new Configuration
        {
            Voters = [new ReplicaId(1), new ReplicaId(2), new ReplicaId(3)],
            Learners = [new ReplicaId(4)],
        }),
        MembershipChangeCodec.Encode(new MembershipChange(
        [
            new MembershipStep(MembershipStepKind.AddVoter, new ReplicaId(4)),
            new MembershipStep(MembershipStepKind.Remove, new ReplicaId(1)),
        ])),
    ];

    public void Seal(byte[] input)
    {
        // No checksum: log and manifest have theirs.
    }

    public bool Read(byte[] input)
    {
        var configuration = ConfigurationCodec.TryDecode(input, out _);
        var change = MembershipChangeCodec.TryDecode(input, out _);
        if (configuration?.Length == 0 || change?.Length == 0)
            throw new InvalidOperationException("refused without a word");
        return configuration is null || change is null;
    }

    public bool IsRefusal(Exception error) => false;
}
