namespace ShardStore.Node.Cli.Ctl;

/// <summary>History that cannot be exported or imported. The message is one line: file, line, value, what is allowed.
/// </summary>
internal sealed class SeriesException(string message, Exception? inner = null) : IOException(message, inner);
