namespace ShardStore.Storage.Log;

/// <summary>Where a record was written.</summary>
internal readonly record struct LogPlace(LogSegment Segment, int Offset, int PayloadBytes);
