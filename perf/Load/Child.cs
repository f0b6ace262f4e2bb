using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace ShardStore.Load;

/// <summary>Processes that are measured: started quietly, found by their port, ended by SIGTERM.</summary>
internal static class Child
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    public static Process Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        var process = Process.Start(start) ?? throw new IOException($"{program} could not be started");
        // An unread pipe would stop the child once it is full.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    public static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start) ?? throw new IOException($"{program} could not be started");
        // Refusals are asked for again and not worth a line.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waited.Elapsed > StartDeadline)
                throw new TimeoutException($"{what}: not within {StartDeadline.TotalSeconds:0} s");
            await Task.Delay(50);
        }
    }

    public static async Task EndAsync(Process process)
    {
        if (!process.HasExited)
            await RunAsync("kill", "-TERM", $"{process.Id}");
        await process.WaitForExitAsync().WaitAsync(StartDeadline);
        process.Dispose();
    }

    /// <summary>The first of <paramref name="count"/> free ports in a row; those <paramref name="alsoAfter"/> higher
    /// are free too.</summary>
    public static int FreePorts(int count, int alsoAfter)
    {
        for (var first = 20_000; first < 32_000; first += 10)
        {
            if (Enumerable.Range(first, count).All(port => IsFree(port) && IsFree(port + alsoAfter)))
                return first;
        }
        throw new IOException("no free ports between 20000 and 32000");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
