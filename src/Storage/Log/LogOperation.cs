namespace ShardStore.Storage.Log;

/// <summary>What a record on disk does to its stream. On disk: never renumber.</summary>
internal enum LogRecordType : byte
{
    /// <summary>An entry; those at its position and after it are gone.</summary>
    Entry = 1,
    /// <summary>The stream's state; replaces the one before.</summary>
    State = 2,
    /// <summary>A new base that the stream held: entries up to it are gone.</summary>
    Compact = 3,
    /// <summary>A new base that the stream did not hold: all its entries are gone.</summary>
    Reset = 4,
    /// <summary>The stream is gone.</summary>
    Drop = 5,
    /// <summary>A live entry moved out of an old segment: no other entry changes.</summary>
    EntryCopy = 6,
}

/// <summary>One record to be written, before it has a place.</summary>
internal readonly record struct LogOperation(
    LogRecordType Type, byte Kind, ulong Stream, ulong Position, ulong Tag)
{
    public ReadOnlyMemory<byte> Payload { get; init; }
}
