using ShardStore.Raft;

namespace ShardStore.Node.Replication;

/// <summary>Which replica of which group this is and where its data lies. A snapshot goes into the directory of the
/// next generation, so that a crash in the middle leaves the old one whole.</summary>
public sealed record ReplicaIdentity(
    ulong Group, ReplicaId Replica, uint Generation, ReadOnlyMemory<byte> FoundingConfiguration)
{
    public string Directory => DirectoryOf(Generation);

    public string DirectoryOf(uint generation) => $"g{Group:d5}-r{Replica.Value:x}-{generation}";

    public ReplicaState ToState(HardState hardState) =>
        new(Replica, Generation, hardState, FoundingConfiguration);

    public static ReplicaIdentity Of(ulong group, ReplicaState state) =>
        new(group, state.Replica, state.Generation, state.FoundingConfiguration);
}
