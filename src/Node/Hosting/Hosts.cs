using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ShardStore.Node.Cli;
using ShardStore.Node.Demo;
using ShardStore.Storage;

namespace ShardStore.Node.Hosting;

/// <summary>What the verbs of the command line start.</summary>
public sealed class Hosts : IHosts
{
    public async Task<int> RunNodeAsync(NodeOptions options, CancellationToken stop)
    {
        using var loggers = Logs(LogLevel.Information);
        try
        {
            await using var node = await NodeRuntime.StartAsync(
                options, new NodeEnvironment { Loggers = loggers }, stop);
            await WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while it waited to be let in: nothing has begun that would have to end.
            return 0;
        }
        catch (Exception failure) when (IsOfTheWorld(failure))
        {
            throw Explained(failure, options);
        }
        return 0;
    }

    public Task<int> RunDevAsync(DevOptions options, CancellationToken stop) => new DevCluster(options).RunAsync(stop);

    public Task<int> RunDemoAsync(DemoOptions options, TextWriter output, CancellationToken stop) =>
        new DemoHost(options, output, output == Console.Out && !Console.IsOutputRedirected).RunAsync(stop);

    /// <summary>Disk, network and foreign data: told in one line. Everything else is our bug and ends loudly.</summary>
    internal static bool IsOfTheWorld(Exception failure) =>
        failure is IOException or SocketException or StorageCorruptException or UnauthorizedAccessException
            or Storage.Files.StorageVersionException or Storage.Files.FatalStorageException;

    internal static IOException Explained(Exception failure, NodeOptions options) =>
        new($"node {options.Id}: {failure.Message}", failure);

    /// <summary>Warnings and worse go to stderr, where whoever looks for trouble looks.</summary>
    internal static ILoggerFactory Logs(LogLevel level) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning);
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Warning);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
    });

    internal static async Task WaitAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(stopped.SetResult);
        await stopped.Task;
    }
}
