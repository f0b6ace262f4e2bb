using System.Diagnostics.CodeAnalysis;
using ShardStore.Node.Replication;

namespace ShardStore.Node.Hosting;

/// <summary>Background work on the thread pool, its end brought back to the loop.</summary>
public sealed class PoolBackground(Mailbox mailbox) : IBackground
{
    [SuppressMessage("Design", "CA1031", Justification = "Whatever ended the work is handed to its owner.")]
    public void Run(Action work, Action<Exception?> done) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                Exception? failure = null;
                try
                {
                    work();
                }
                catch (Exception caught)
                {
                    failure = caught;
                }
                mailbox.Post(() => done(failure));
            },
            null);
}
