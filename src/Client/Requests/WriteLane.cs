namespace ShardStore.Client.Requests;

/// <summary>One sequence of writes with growing request numbers, used by one write at a time.</summary>
internal sealed class WriteLane(ushort number)
{
    private ulong _lastRequest;

    internal ushort Number { get; } = number;

    /// <summary>Only the holder of the lane calls this.</summary>
    internal ulong NextRequest() => ++_lastRequest;
}
