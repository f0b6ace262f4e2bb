using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ShardStore.Node.Hosting;

/// <summary>SIGTERM, which .NET cannot send: it only knows how to kill.</summary>
internal static partial class Signals
{
    private const int Sigterm = 15;

    /// <summary>Asks a process to end. One that has ended already is no error.</summary>
    public static void Terminate(Process process) => _ = Kill(process.Id, Sigterm);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
