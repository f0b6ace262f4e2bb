using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using ShardStore.Node.Cli.Ctl;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli;

/// <summary>The program's face: verbs, one-line errors, exit codes, signals.</summary>
public static class CommandLine
{
    private const string Description =
        "A replicated, sharded key-value store that balances itself before it hurts. Any Redis Cluster client speaks to it.";

    public static async Task<int> RunAsync(string[] args, IHosts hosts, Func<string, string?> environment)
    {
        var root = Build(hosts, environment);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
            return BadUsage(UsageText.Of(parsed));
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
            };
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (UsageException e)
        {
            return BadUsage(e.Message);
        }
        catch (AdminProblemException e)
        {
            return Fail(e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
        catch (IOException e)
        {
            // A port in use, a full disk, a directory that is locked: the message says which.
            return Fail(e.Message);
        }
    }

    private static RootCommand Build(IHosts hosts, Func<string, string?> environment)
    {
        var root = new RootCommand(Description)
        {
            NodeVerb.Build(hosts, environment),
            DevVerb.Build(hosts, environment),
            CtlVerb.Build(environment),
        };
        Examples.Show(root);
        return root;
    }

    private static int BadUsage(string line)
    {
        Console.Error.WriteLine("shardstore: " + line.ReplaceLineEndings(" "));
        return ExitCode.BadUsage;
    }

    private static int Fail(string line)
    {
        Console.Error.WriteLine("shardstore: " + line.ReplaceLineEndings(" "));
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
