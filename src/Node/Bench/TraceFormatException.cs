namespace ShardStore.Node.Bench;

/// <summary>A trace file that cannot be used. The message names file, lines and what is wrong with each.</summary>
public sealed class TraceFormatException(string message) : Exception(message);
