using ShardStore.Node.Replication;
using ShardStore.Simulation.World;
using ShardStore.Storage.Files;
using ShardStore.Storage.Log;

namespace ShardStore.Simulation.Nodes;

/// <summary>The log's thread: a commit takes its time, and the process can die before, in the middle of, or after
/// it.</summary>
public sealed class SimulatedCommitter(SimulatedWorld world, SimulatedNode node, AppendLog log) : ILogCommitter
{
    private LogBatch? _underWay;

    /// <summary>What the log has made durable so far.</summary>
    public DurableContent Durable { get; } = new();

    /// <summary>A batch may have got to the disk, or not, when the process dies now.</summary>
    public bool IsCommitting => _underWay is { Count: > 0 };

    public void Begin(LogBatch batch, Action done)
    {
        _underWay = batch;
        node.Later(node.SyncMicros(), () => Commit(batch, done));
    }

    /// <summary>Crash in the middle of a commit: written, not synced.</summary>
    public void TearCommit()
    {
        if (node.Disk.IsCut || node.Disk.Damage.IsPresent || _underWay is not { Count: > 0 } batch
            || world.Chance(0.3))
            return;
        world.Counters.Count("fault: torn commit");
        node.Disk.FailsSyncs = true;
        try
        {
            log.Commit(batch);
        }
        catch (FatalStorageException)
        {
            // What the disk holds of it is decided when the power fails.
            world.Counters.Count("commit torn by a crash");
        }
        finally
        {
            node.Disk.FailsSyncs = false;
        }
    }

    private void Commit(LogBatch batch, Action done)
    {
        try
        {
            if (batch.Count > 0 && !node.Survives(() => log.Commit(batch)))
                return;
        }
        catch (FatalStorageException) when (node.Disk.FailsSyncs)
        {
            node.Disk.FailsSyncs = false;
            node.Crash(losesPower: true, "its disk failed a sync");
            return;
        }
        catch (Exception failure) when (node.Disk.Damage.IsPresent && DiskDamage.Explains(failure))
        {
            node.Refuse(failure);
            return;
        }
        if (batch.Count > 0)
            Durable.Note(log);
        _underWay = null;
        // The thread may be stopped between the sync and telling the loop.
        node.Later(world.Between(5, 200), () =>
        {
            done();
            node.Wake();
        });
    }
}
