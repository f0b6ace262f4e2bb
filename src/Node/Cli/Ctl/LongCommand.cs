using System.CommandLine;
using ShardStore.Client;
using ShardStore.Node.Backup;
using ShardStore.Storage;
using ShardStore.Storage.Files;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Runs a backup or a restore: progress, and one line for all that can go wrong with disks, nodes and files.
/// </summary>
internal static class LongCommand
{
    public static async Task<T> RunAsync<T>(
        ParseResult parsed, bool asJson, Func<WorkProgress, CancellationToken, Task<T>> work, CancellationToken stop)
    {
        var output = parsed.InvocationConfiguration.Output;
        var isTerminal = !Console.IsOutputRedirected && output == Console.Out;
        var progress = new WorkProgress(output, isTerminal, isSilent: asJson);
        try
        {
            return await work(progress, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Unlike a node that drains, this has not done what it was asked for.
            throw new BackupException($"{parsed.CommandResult.Command.Name} was interrupted and is not complete");
        }
        catch (FatalStorageException failure)
        {
            throw new BackupException($"{failure.File}: cannot be made durable (errno {failure.Errno})", failure);
        }
        catch (Exception failure) when (failure is StorageCorruptException or StorageVersionException
            or BrokenSourceException or UnauthorizedAccessException or ClientException)
        {
            throw new BackupException(failure.Message, failure);
        }
        finally
        {
            progress.End();
        }
    }
}
