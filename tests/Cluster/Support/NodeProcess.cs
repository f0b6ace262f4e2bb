using System.Diagnostics;
using System.Text;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>One process of the program under test, with what it wrote.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>The program, as built beside the tests.</summary>
    public static readonly string Program = Path.Combine(AppContext.BaseDirectory, "shardstore.dll");

    private const int Sigterm = 15;
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private NodeProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        // A test run that ends early must not leave nodes behind.
        AppDomain.CurrentDomain.ProcessExit += OnTestsEnd;
    }

    public int Id => _process.Id;
    public bool HasExited => _process.HasExited;
    public int ExitCode => _process.ExitCode;

    /// <summary>CPU time so far, which a busy machine does not change.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public string Output => Text(_output);
    public string Errors => Text(_errors);

    public static NodeProcess Start(params IEnumerable<string> arguments) => Launch(["dotnet", Program, .. arguments]);

    /// <summary>Inside a network namespace. `ip` becomes the program, so its process id is the program's.</summary>
    public static NodeProcess StartIn(
        string networkNamespace, IEnumerable<string> arguments, params IEnumerable<string> wrapper) =>
        Launch(["ip", "netns", "exec", networkNamespace, .. wrapper, "dotnet", Program, .. arguments]);

    /// <summary>Under another program (strace, env), whose last words the program's command line becomes.</summary>
    public static NodeProcess StartUnder(IEnumerable<string> wrapper, IEnumerable<string> arguments) =>
        Launch([.. wrapper, "dotnet", Program, .. arguments]);

    /// <summary>Runs the program to its end, for verbs that end and for refusals.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        params IEnumerable<string> arguments)
    {
        await using var process = Start(arguments);
        await process.WaitForExitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, process.Output, process.Errors);
    }

    /// <summary>kill -9: nothing is flushed, nobody is told.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync(EndTimeout);
    }

    /// <summary>SIGTERM and the end of the drain; returns the exit code.</summary>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
            _ = Kill(_process.Id, Sigterm);
        await WaitForExitAsync(EndTimeout);
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP and SIGCONT: a machine that stalls and comes back, its connections still open.</summary>
    public void Pause() => _ = Kill(_process.Id, 19);

    public void Resume() => _ = Kill(_process.Id, 18);

    public async Task WaitForExitAsync(TimeSpan timeout)
    {
        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"process {Id} still runs after {timeout.TotalSeconds:0} s; "
                + $"it wrote:\n{Errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnTestsEnd;
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private static NodeProcess Launch(string[] words)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return new NodeProcess(Process.Start(start)!);
    }

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
