using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Which arguments are keys, in COMMAND's terms: first, last (negative counts from the end), step. First 0
/// = none.</summary>
public readonly record struct KeyRange(int First, int Last, int Step)
{
    public static readonly KeyRange None;
    public static readonly KeyRange One = new(1, 1, 1);
    public static readonly KeyRange Second = new(2, 2, 1);
    public static readonly KeyRange All = new(1, -1, 1);
    public static readonly KeyRange Pairs = new(1, -1, 2);

    public bool IsNone => First == 0;

    /// <summary>Index of the last key among <paramref name="arguments"/>.</summary>
    public int LastIndex(ArgumentList arguments) => Last >= 0 ? Last : arguments.Count + Last;
}
