namespace ShardStore.Balancer.Forecasting;

/// <summary>What a model declares of an input or output; -1 is a dimension left open.</summary>
internal sealed record OnnxTensor(string Name, long[] Dimensions);

/// <summary>Memory handed to ONNX Runtime for one call. Whoever makes it keeps the memory pinned. The name ends with
/// a zero byte.</summary>
internal readonly unsafe ref struct OnnxBuffer(ReadOnlySpan<byte> name, float* values, ReadOnlySpan<long> dimensions)
{
    public readonly ReadOnlySpan<byte> Name = name;
    public readonly float* Values = values;
    public readonly ReadOnlySpan<long> Dimensions = dimensions;

    public long Length
    {
        get
        {
            var length = 1L;
            foreach (var dimension in Dimensions)
            {
                length *= dimension;
            }

            return length;
        }
    }
}
