using System.Numerics.Tensors;

namespace ShardStore.Balancer.Learning;

/// <summary>Values that are a straight line in the figures of a context: one row of weights for each part of the
/// objective, a constant first.</summary>
/// <param name="Rows">By part, then 1 + figure.</param>
public sealed record LinearValues(double[][] Rows)
{
    /// <param name="scaled">The figures, a 1 before them.</param>
    public ObjectiveParts At(ReadOnlySpan<double> scaled) => new(
        TensorPrimitives.Dot<double>(Rows[0], scaled), TensorPrimitives.Dot<double>(Rows[1], scaled),
        TensorPrimitives.Dot<double>(Rows[2], scaled));
}
