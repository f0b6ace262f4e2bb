using System.Collections.Concurrent;
using System.Diagnostics;
using ShardStore.Node.Replication;
using ShardStore.Node.Telemetry;
using ShardStore.Storage;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Hosting;

/// <summary>Writes and syncs the node's log, one batch after the other, on a thread of its own. A failed write or
/// sync is fatal: what was promised may be lost, so nothing more may be promised.</summary>
public sealed class LogCommitterThread : ILogCommitter, IDisposable
{
    private readonly AppendLog _log;
    private readonly LatencyHistogram _commits;
    private readonly Action<Exception> _onFatal;
    private readonly BlockingCollection<(LogBatch Batch, Action Done)> _batches = new(1);
    private readonly Thread _thread;

    /// <param name="commits">Gets the time of every commit: one write and one sync.</param>
    public LogCommitterThread(AppendLog log, LatencyHistogram commits, string nodeName, Action<Exception> onFatal)
    {
        _log = log;
        _commits = commits;
        _onFatal = onFatal;
        _thread = new Thread(Run) { Name = $"{nodeName}-log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>CPU time of the writing thread so far. Unit: microseconds.</summary>
    public long CpuMicros { get; private set; }

    public void Begin(LogBatch batch, Action done) => _batches.Add((batch, done));

    public void Dispose()
    {
        _batches.CompleteAdding();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
        _batches.Dispose();
    }

    private void Run()
    {
        try
        {
            foreach (var (batch, done) in _batches.GetConsumingEnumerable())
            {
                if (batch.Count > 0)
                    Commit(batch);
                CpuMicros = ThreadCpu.Micros();
                done();
            }
        }
        catch (Exception failure)
        {
            _onFatal(failure);
        }
    }

    private void Commit(LogBatch batch)
    {
        var started = Stopwatch.GetTimestamp();
        _log.Commit(batch);
        _commits.Record((long)Stopwatch.GetElapsedTime(started).TotalMicroseconds);
    }
}
