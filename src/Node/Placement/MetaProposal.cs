using ShardStore.Node.Replication;

namespace ShardStore.Node.Placement;

/// <summary>Waits for a command of the meta group.</summary>
public sealed class MetaProposal(Action<MetaResult> done) : IProposal
{
    public void OnApplied(MetaResult result) => done(result);

    public void OnLost() => done(MetaResult.Undecided("another leader took over; try again"));

    public void OnAbandoned() => done(MetaResult.Undecided("the outcome is not known; look before trying again"));
}
