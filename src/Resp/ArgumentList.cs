namespace ShardStore.Resp;

/// <summary>A view of a request's arguments, wherever their bytes live: argument i ends at <c>ends[i]</c> and starts
/// where the one before it ends.</summary>
public readonly ref struct ArgumentList
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<int> _ends;
    private readonly int _start;

    public ArgumentList(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> ends, int start = 0)
    {
        _bytes = bytes;
        _ends = ends;
        _start = start;
    }

    public int Count => _ends.Length;

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? _start : _ends[index - 1];
            return _bytes[start.._ends[index]];
        }
    }

    /// <summary>All bytes of the arguments, one after the other.</summary>
    public ReadOnlySpan<byte> Bytes => Count == 0 ? [] : _bytes[_start.._ends[^1]];

    public int LengthOf(int index) => _ends[index] - (index == 0 ? _start : _ends[index - 1]);

    public ArgumentList Slice(int first) => Slice(first, Count - first);

    public ArgumentList Slice(int first, int count) =>
        new(_bytes, _ends.Slice(first, count), first == 0 ? _start : _ends[first - 1]);
}
