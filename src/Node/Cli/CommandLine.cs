using System.CommandLine;
using System.Runtime.InteropServices;
using ShardStore.Node.Cli.Ctl;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli;

/// <summary>The program's face: verbs, one-line errors, exit codes, signals.</summary>
public static class CommandLine
{
    private const string Description =
        "A replicated, sharded key-value store that balances itself before it hurts. "
        + "Any Redis Cluster client speaks to it.";

    public static Task<int> RunAsync(string[] args, IHosts hosts, Func<string, string?> environment) =>
        RunAsync(args, Build(hosts, environment), Console.Out, Console.Error);

    internal static async Task<int> RunAsync(string[] args, RootCommand root, TextWriter output, TextWriter errors)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not Examples.HelpWithExamples)
            return BadUsage(errors, UsageText.Of(parsed));
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            // No time-out of the parser's: how long a drain may take is the host's decision.
            var configuration = new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output,
                Error = errors,
            };
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (UsageException e)
        {
            return BadUsage(errors, e.Message);
        }
        catch (AdminProblemException e)
        {
            return Fail(errors, e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (IOException e)
        {
            // A port in use, a full disk, a directory that is locked: the message says which.
            return Fail(errors, e.Message);
        }
    }

    internal static RootCommand Build(IHosts hosts, Func<string, string?> environment)
    {
        var root = new RootCommand(Description)
        {
            NodeVerb.Build(hosts, environment),
            DevVerb.Build(hosts, environment),
            DemoVerb.Build(hosts, environment),
            CtlVerb.Build(environment),
            BenchVerb.Build(environment),
            ForecastVerb.Build(environment),
            SimulateVerb.Build(environment),
        };
        Examples.Show(root);
        return root;
    }

    private static int BadUsage(TextWriter errors, string line)
    {
        errors.WriteLine("shardstore: " + line.ReplaceLineEndings(" "));
        return ExitCode.BadUsage;
    }

    private static int Fail(TextWriter errors, string line)
    {
        errors.WriteLine("shardstore: " + line.ReplaceLineEndings(" "));
        return ExitCode.Failed;
    }

    /// <summary>The first signal drains; a second one means now, which the runtime's own handling does.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        if (stop.IsCancellationRequested)
            return;
        signal.Cancel = true;
        stop.Cancel();
    }
}
