namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>Threads that use the machine's processors up, for figures of a machine that is busy.</summary>
internal sealed class BusyThreads : IDisposable
{
    private readonly Thread[] _threads;
    private volatile bool _stopping;

    public BusyThreads(int count)
    {
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(Spin) { IsBackground = true })];
        foreach (var thread in _threads)
            thread.Start();
    }

    public void Dispose()
    {
        _stopping = true;
        foreach (var thread in _threads)
            thread.Join();
    }

    private void Spin()
    {
        while (!_stopping)
            Thread.SpinWait(10_000);
    }
}
