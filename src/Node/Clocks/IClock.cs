namespace ShardStore.Node.Clocks;

/// <summary>The only source of time in the node. The simulator turns it by hand.</summary>
public interface IClock
{
    /// <summary>Never goes back and keeps running while the process is stopped; leases and deadlines use it.</summary>
    long MonotonicMicros { get; }

    /// <summary>Unix milliseconds, for expiry and for people. May jump.</summary>
    long WallMs { get; }
}
