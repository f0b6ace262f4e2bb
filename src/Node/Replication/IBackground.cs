namespace ShardStore.Node.Replication;

/// <summary>Runs disk and compression work off the loop and brings its result back onto it. The simulator runs both
/// in its one thread, some virtual time apart.</summary>
public interface IBackground
{
    /// <summary><paramref name="work"/> elsewhere, then <paramref name="done"/> on the loop with null or the
    /// exception that ended it.</summary>
    void Run(Action work, Action<Exception?> done);
}
