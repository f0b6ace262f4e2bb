namespace ShardStore.Node.Backup;

/// <summary>What a backup was read from, a connection or a file, broke off or fell silent.</summary>
internal sealed class BrokenSourceException(string message, Exception? inner = null) : Exception(message, inner);
