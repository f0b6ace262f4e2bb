using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using ShardStore.Node.Replication;
using ShardStore.Node.Telemetry;
using ShardStore.Storage;
using ShardStore.Storage.Log;

namespace ShardStore.Node.Hosting;

/// <summary>Writes and syncs the node's log, one batch after the other, on a thread of its own. A failed write or
/// sync is fatal: what was promised may be lost, so nothing more may be promised. A batch for which there is no room
/// has promised nothing yet: it waits, as on a disk that stalls, until there is.</summary>
public sealed class LogCommitterThread : ILogCommitter, IDisposable
{
    private const int RoomPauseMs = 50;
    private readonly AppendLog _log;
    private readonly LogCommitterWorld _world;
    private readonly Action<Exception> _onFatal;
    private readonly BlockingCollection<(LogBatch Batch, Action Done)> _batches = new(1);
    private readonly ManualResetEventSlim _stopping = new();
    private readonly Thread _thread;

    public LogCommitterThread(AppendLog log, LogCommitterWorld world, string nodeName, Action<Exception> onFatal)
    {
        _log = log;
        _world = world;
        _onFatal = onFatal;
        _thread = new Thread(Run) { Name = $"{nodeName}-log", IsBackground = true };
        _thread.Start();
    }

    /// <summary>CPU time of the writing thread so far. Unit: microseconds.</summary>
    public long CpuMicros { get; private set; }

    public void Begin(LogBatch batch, Action done) => _batches.Add((batch, done));

    public void Dispose()
    {
        _stopping.Set();
        _batches.CompleteAdding();
        if (Thread.CurrentThread != _thread)
            _thread.Join();
        _batches.Dispose();
        _stopping.Dispose();
    }

    private void Run()
    {
        try
        {
            foreach (var (batch, done) in _batches.GetConsumingEnumerable())
            {
                if (batch.Count > 0 && !TryCommit(batch))
                    return;
                CpuMicros = ThreadCpu.Micros();
                done();
            }
        }
        catch (Exception failure)
        {
            _onFatal(failure);
        }
    }

    /// <summary>False when the node was stopped before there was room.</summary>
    private bool TryCommit(LogBatch batch)
    {
        var isSaid = false;
        while (true)
        {
            var reason = _world.Space.Refusal;
            if (!batch.HasEntries || !_world.Space.IsExhausted)
            {
                try
                {
                    Commit(batch);
                    return true;
                }
                catch (LogSpaceException full)
                {
                    reason = full.Message;
                }
            }
            if (!isSaid)
                ControllerLog.LogWaits(_world.Logger, reason);
            isSaid = true;
            if (_stopping.Wait(RoomPauseMs))
                return false;
        }
    }

    private void Commit(LogBatch batch)
    {
        var started = Stopwatch.GetTimestamp();
        _log.Commit(batch);
        _world.Commits.Record((long)Stopwatch.GetElapsedTime(started).TotalMicroseconds);
    }
}

/// <summary>What is around the log's thread. <paramref name="Commits"/> gets the time of every commit: one write and
/// one sync.</summary>
public sealed record LogCommitterWorld(LatencyHistogram Commits, IDiskSpace Space, ILogger Logger);
