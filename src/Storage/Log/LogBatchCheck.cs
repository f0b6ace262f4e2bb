namespace ShardStore.Storage.Log;

/// <summary>Checks a batch against the index before anything is written, so that a caller's mistake costs nothing,
/// and decides for each new base whether the stream holds it: on disk that decision is fixed, because after a
/// restart the entries that it was made on may be gone.</summary>
internal sealed class LogBatchCheck(LogIndex index)
{
    private readonly Dictionary<ulong, Outlook> _outlooks = [];

    /// <summary>Copies the batch's operations to <paramref name="into"/>, bases decided.</summary>
    public void Resolve(ReadOnlySpan<LogOperation> operations, List<LogOperation> into)
    {
        _outlooks.Clear();
        for (var i = 0; i < operations.Length; i++)
            into.Add(Resolve(operations, i));
    }

    private LogOperation Resolve(ReadOnlySpan<LogOperation> operations, int at)
    {
        ref readonly var operation = ref operations[at];
        var outlook = OutlookOf(operation.Stream);
        switch (operation.Type)
        {
            case LogRecordType.Entry:
                CheckPosition(operation, outlook);
                _outlooks[operation.Stream] = outlook with { Last = operation.Position };
                break;
            case LogRecordType.Drop:
                _outlooks[operation.Stream] = new Outlook(0, 0, 0, FromIndex: false);
                break;
            case LogRecordType.Reset:
                var holds = TryGetTag(operations[..at], operation, outlook, out var tag) && tag == operation.Tag;
                _outlooks[operation.Stream] = holds
                    ? outlook with { Base = operation.Position, BaseTag = operation.Tag }
                    : new Outlook(operation.Position, operation.Tag, operation.Position, FromIndex: false);
                return holds ? operation with { Type = LogRecordType.Compact } : operation;
        }
        return operation;
    }

    private static void CheckPosition(in LogOperation operation, in Outlook outlook)
    {
        if (operation.Position <= outlook.Base || operation.Position > outlook.Last + 1)
            throw new ArgumentException($"stream {operation.Stream}: position {operation.Position} cannot be "
                + $"appended, allowed are {outlook.Base + 1} to {outlook.Last + 1}");
    }

    private bool TryGetTag(
        ReadOnlySpan<LogOperation> before, in LogOperation wanted, in Outlook outlook, out ulong tag)
    {
        tag = outlook.BaseTag;
        if (wanted.Position == outlook.Base)
            return true;
        if (wanted.Position < outlook.Base || wanted.Position > outlook.Last)
            return false;
        // The last one written to a position that still exists is the one in force.
        for (var i = before.Length - 1; i >= 0; i--)
        {
            ref readonly var operation = ref before[i];
            if (operation.Type != LogRecordType.Entry || operation.Stream != wanted.Stream
                || operation.Position != wanted.Position)
                continue;
            tag = operation.Tag;
            return true;
        }
        tag = 0;
        return outlook.FromIndex && index.Find(wanted.Stream)!.TryGetTag(wanted.Position, out tag);
    }

    private Outlook OutlookOf(ulong stream)
    {
        if (_outlooks.TryGetValue(stream, out var outlook))
            return outlook;
        return index.Find(stream) is { } found
            ? new Outlook(found.BasePosition, found.BaseTag, found.Last, FromIndex: true)
            : new Outlook(0, 0, 0, FromIndex: false);
    }

    /// <summary>A stream as it will be after the operations checked so far. <paramref name="FromIndex"/>: positions
    /// that the batch has not written are as the index has them.</summary>
    private readonly record struct Outlook(ulong Base, ulong BaseTag, ulong Last, bool FromIndex);
}
