namespace ShardStore.Client.Connections;

/// <summary>The connection could not be made, or broke before the answer came. <paramref name="mayHaveRun"/> is false
/// only when not one byte of the command had been handed to the socket.</summary>
internal sealed class ConnectionBrokenException(string message, bool mayHaveRun, Exception? inner = null)
    : Exception(message, inner)
{
    internal bool MayHaveRun { get; } = mayHaveRun;
}
