namespace ShardStore.Storage.Log;

/// <summary>One entry of a stream. The payload stays valid and unchanged for as long as it is referenced.</summary>
public readonly record struct LogRecord(ulong Position, ulong Tag, byte Kind, ReadOnlyMemory<byte> Payload);
