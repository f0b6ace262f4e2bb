namespace ShardStore.Client;

/// <summary>How a write ended.</summary>
public enum KvOutcome
{
    /// <summary>The server acknowledged it.</summary>
    Done,

    /// <summary>It surely did not take effect: its condition did not hold, the server refused it, or it never got
    /// there.</summary>
    NotDone,

    /// <summary>It may have taken effect, or may yet: no answer came in time. Read before deciding what to do.
    /// </summary>
    Unknown,
}
