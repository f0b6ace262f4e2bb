using System.Diagnostics.CodeAnalysis;
using ShardStore.Node.Replication;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Nodes;

/// <summary>Background work happens at one moment, some time after it was asked for; several pieces of work may
/// overtake each other, as on a thread pool.</summary>
public sealed class SimulatedBackground(SimulatedWorld world, SimulatedNode node, Mailbox mailbox) : IBackground
{
    public void Run(Action work, Action<Exception?> done) => node.Later(world.Between(50, 30_000), () =>
    {
        Exception? failure = null;
        if (!node.Survives(() => failure = Try(work)))
            return;
        node.Later(world.Between(10, 5_000), () =>
        {
            mailbox.Post(() => done(failure));
            node.Wake();
        });
    });

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ended the work is handed to its owner.")]
    private Exception? Try(Action work)
    {
        try
        {
            work();
            return null;
        }
        catch (Exception caught)
        {
            world.Note($"node {node.Number}: background work failed: {caught.Message}");
            if (node.Disk.Damage.IsPresent && DiskDamage.Explains(caught))
                world.Counters.Count("damage: work in the background failed and is tried again");
            return caught;
        }
    }
}
