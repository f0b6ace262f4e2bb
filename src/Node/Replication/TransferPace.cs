namespace ShardStore.Node.Replication;

/// <summary>How fast checkpoints may leave a node while clients are served: additive increase, multiplicative
/// decrease, as TCP shares a link. Once a second it hears the node's request p99. What that is without a transfer is
/// the norm; while one runs, a p99 well above the norm halves the rate, and a good one gives a part of it back.
/// </summary>
public sealed class TransferPace(long bytesPerSecondMax)
{
    /// <summary>Below it a transfer would outlast what it prevents. Unit: bytes per second.</summary>
    public const double BytesPerSecondMin = 8 << 20;

    /// <summary>A p99 up to here never slows a transfer. Unit: microseconds.</summary>
    public const double MicrosP99Tolerated = 20_000;

    /// <summary>How many times the norm counts as suffering.</summary>
    public const double NormFactor = 2.5;

    private const double IncreaseShare = 1.0 / 8;
    private const double NormWeight = 0.2;
    private double _normMicrosP99;

    public double BytesPerSecond { get; private set; } = bytesPerSecondMax;

    /// <summary>One second has passed; p99 0 = there were no requests.</summary>
    public void Observe(double requestMicrosP99, bool isSending)
    {
        if (!isSending)
        {
            _normMicrosP99 += NormWeight * (requestMicrosP99 - _normMicrosP99);
            BytesPerSecond = bytesPerSecondMax;
        }
        else if (requestMicrosP99 > Math.Max(MicrosP99Tolerated, NormFactor * _normMicrosP99))
        {
            BytesPerSecond = Math.Max(Math.Min(BytesPerSecondMin, bytesPerSecondMax), BytesPerSecond / 2);
        }
        else
        {
            BytesPerSecond = Math.Min(bytesPerSecondMax, BytesPerSecond + (IncreaseShare * bytesPerSecondMax));
        }
    }
}
