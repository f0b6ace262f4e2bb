using System.Collections.Concurrent;
using System.Text;

namespace ShardStore.Node.Bench;

/// <summary>What all workers count together.</summary>
internal sealed class BenchTally
{
    private long _errors;
    private long _moved;
    private long _asked;
    private long _reconnects;

    internal LatencyHistogram Reads { get; } = new();

    internal LatencyHistogram Writes { get; } = new();

    /// <summary>By the first word of the reply, or by what happened to the connection: few distinct texts, whatever
    /// the server puts into its messages.</summary>
    internal ConcurrentDictionary<string, long> ErrorsByText { get; } = new();

    internal long Errors => Volatile.Read(ref _errors);

    internal long Moved => Volatile.Read(ref _moved);

    internal long Asked => Volatile.Read(ref _asked);

    internal long Reconnects => Volatile.Read(ref _reconnects);

    internal void OnMoved() => Interlocked.Increment(ref _moved);

    internal void OnAsked() => Interlocked.Increment(ref _asked);

    internal void OnReconnect() => Interlocked.Increment(ref _reconnects);

    internal void OnError(string text)
    {
        Interlocked.Increment(ref _errors);
        ErrorsByText.AddOrUpdate(text, 1, static (_, count) => count + 1);
    }

    internal void OnErrorReply(ReadOnlySpan<byte> error)
    {
        var space = error.IndexOf((byte)' ');
        OnError(Encoding.UTF8.GetString(space < 0 ? error : error[..space]));
    }

    internal LatencyHistogram All()
    {
        var all = Reads.Copy();
        all.Add(Writes);
        return all;
    }
}
