namespace ShardStore.Node.Replication;

/// <summary>Waits for a hash marker: the leader's content hash at the marker's index, or null when it was not
/// applied.</summary>
public sealed class HashProposal(Action<(ulong Index, ulong Hash)?> done) : IProposal
{
    public void OnApplied(ulong index, ulong hash) => done((index, hash));

    public void OnLost() => done(null);

    public void OnAbandoned() => done(null);
}
