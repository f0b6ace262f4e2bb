namespace ShardStore.Balancer.Evaluation;

/// <summary>Origins from <paramref name="First"/> to <paramref name="Last"/>, every <paramref name="Stride"/>-th. An
/// origin is the index of the last known value.</summary>
public readonly record struct OriginRange(int First, int Last, int Stride)
{
    public int Count => Last < First ? 0 : ((Last - First) / Stride) + 1;

    public int this[int place] => First + (place * Stride);
}
