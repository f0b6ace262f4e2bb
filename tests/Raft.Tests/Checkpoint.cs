namespace ShardStore.Raft.Tests;

/// <summary>A durable copy of a state machine: here a hash over all commands applied, in order.</summary>
internal sealed record Checkpoint(SnapshotPoint Point, ulong StateHash)
{
    public static ulong Add(ulong hash, LogEntry entry)
    {
        foreach (byte value in entry.Payload.Span)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return (hash ^ entry.Index.Value) * 1099511628211UL;
    }
}
