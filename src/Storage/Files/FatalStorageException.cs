using System.Runtime.InteropServices;

namespace ShardStore.Storage.Files;

/// <summary>The disk broke a promise: a sync or a log write failed. The node must stop; what is durable is only known
/// after a restart has read it back. The message is all that an operator sees.</summary>
public sealed class FatalStorageException(string operation, string file, int errno, Exception? inner = null)
    : Exception($"{operation} of {file} failed ({ReasonOf(errno, inner)}): the node must stop, because only a restart "
        + "can tell what is on the disk; check the disk and its free space, then start the node again", inner)
{
    public string File { get; } = file;

    /// <summary>0 when the system named none.</summary>
    public int Errno { get; } = errno;

    private static string ReasonOf(int errno, Exception? inner) =>
        errno == 0 ? inner?.Message ?? "no reason given" : $"{Marshal.GetPInvokeErrorMessage(errno)}, errno {errno}";
}
