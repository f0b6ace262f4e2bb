using ShardStore.Storage;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Replication;

/// <summary>Makes a batch durable somewhere else than on the loop and then calls <c>done</c> there, or never when
/// the node is stopping. One batch at a time. The seam where the simulator decides how long a disk takes.</summary>
public interface ILogCommitter
{
    void Begin(LogBatch batch, Action done);
}
