using System.Diagnostics;
using System.Text;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>A foreign program (redis-cli, a script of another client's, env) with what it wrote, line by line.
/// </summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private const int Sigint = 2;
    private const int Sigcont = 18;
    private const int Sigstop = 19;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private ToolProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += OnTestsEnd;
    }

    public string Output => Text(_output);
    public string Errors => Text(_errors);
    public bool HasExited => _process.HasExited;

    public static ToolProcess Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return new ToolProcess(Process.Start(start)!);
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<ToolResult> RunAsync(string program, params IEnumerable<string> arguments)
    {
        await using var tool = Start(program, arguments);
        return await tool.WaitAsync(TimeSpan.FromSeconds(90));
    }

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>The end of its input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => _ = Kill(_process.Id, Sigint);

    /// <summary>A machine that sleeps; its kernel goes on to acknowledge.</summary>
    public void Pause() => _ = Kill(_process.Id, Sigstop);

    public void Resume() => _ = Kill(_process.Id, Sigcont);

    public Task WaitForLineAsync(string start, TimeSpan timeout) => Waiting.UntilAsync(
        () =>
        {
            if (HasLine(start))
                return true;
            if (!_process.HasExited)
                return false;
            // Its last lines may still be on their way.
            _process.WaitForExit();
            return HasLine(start)
                ? true : throw new InvalidOperationException($"ended before it wrote '{start}':\n{Output}{Errors}");
        },
        timeout,
        () => $"no line '{start}' in:\n{Output}{Errors}");

    public async Task<ToolResult> WaitAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"still runs after {timeout.TotalSeconds:0} s; it wrote:\n{Output}{Errors}");
        }
        return new ToolResult(_process.ExitCode, Output, Errors);
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnTestsEnd;
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private bool HasLine(string start) =>
        Output.Split('\n').Any(line => line.StartsWith(start, StringComparison.Ordinal));

    private void OnTestsEnd(object? sender, EventArgs e) => _process.Kill();

    private static void Keep(StringBuilder into, string? line)
    {
        if (line == null)
            return;
        lock (into)
            into.Append(line).Append('\n');
    }

    private static string Text(StringBuilder from)
    {
        lock (from)
            return from.ToString();
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int pid, int signal);
}

/// <summary>How a program ended and what it wrote.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The output of a program that must have ended well.</summary>
    public string Checked()
    {
        Assert.True(ExitCode == 0, $"ended with code {ExitCode}:\n{Output}{Errors}");
        return Output;
    }

    /// <summary>One line on stderr that holds every word, and this code: how the program refuses.</summary>
    public void AssertRefused(int exitCode, params string[] words)
    {
        Assert.True(ExitCode == exitCode, $"ended with code {ExitCode}, not {exitCode}:\n{Output}{Errors}");
        var lines = Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length == 1, $"not one line:\n{Errors}");
        Assert.StartsWith("shardstore: ", lines[0], StringComparison.Ordinal);
        foreach (var word in words)
            Assert.Contains(word, lines[0], StringComparison.Ordinal);
    }
}
