using ShardStore.Storage.Files;
using ShardStore.Storage.Log;

namespace ShardStore.Simulation.Nodes;

/// <summary>What a node's log had made durable, by stream: a restart must find all of it. Only what was being committed
/// as the process died may be there or not.</summary>
public sealed class DurableContent
{
    private readonly SortedDictionary<ulong, Stream> _streams = [];

    public void Note(AppendLog log)
    {
        _streams.Clear();
        foreach (var id in log.Streams())
            _streams[id] = Of(log, id);
    }

    /// <summary>What of it a log that was just opened has not got, or null.</summary>
    public string? MissingIn(AppendLog log)
    {
        foreach (var (id, durable) in _streams)
        {
            var found = Of(log, id);
            if (found != durable)
                return $"stream {id} is {found} after the restart and was {durable} before";
        }
        return null;
    }

    private static Stream Of(AppendLog log, ulong id)
    {
        var last = log.LastPosition(id);
        log.TryGetTag(id, last, out var tag);
        return new Stream(log.Base(id).Position, last, tag, Crc32C.Compute(log.State(id).Span));
    }

    private readonly record struct Stream(ulong Base, ulong Last, ulong LastTag, uint StateCrc);
}
