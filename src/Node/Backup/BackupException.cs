namespace ShardStore.Node.Backup;

/// <summary>A backup or a restore that cannot be done as asked. The message is one line for the operator.</summary>
internal sealed class BackupException(string message, Exception? inner = null) : IOException(message, inner);
