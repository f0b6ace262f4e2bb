using System.Runtime.InteropServices;
using ShardStore.Cluster.Tests.Compare;
using ShardStore.Cluster.Tests.Foresight;
using ShardStore.Cluster.Tests.Nemesis;
using ShardStore.Cluster.Tests.Soak;

namespace ShardStore.Cluster.Tests;

/// <summary>Runs faults against real nodes: <c>--nemesis all --seconds 60</c>, or <c>--failover kill --trials 20</c>;
/// or none for long, <c>--soak 30</c>; or holds forecasts against what came, <c>--foresight</c>; or one balancer
/// against the other, <c>--compare</c>. Exit 0 when all was as promised, 1 when something was not, 2 on bad usage.
/// </summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (!SessionArguments.TryParse(arguments, out var parsed, out var problem))
        {
            await Console.Error.WriteLineAsync(problem);
            return 2;
        }
        if (parsed.SoakMinutes > 0)
        {
            await using var soak = new SoakSession(parsed.SoakMinutes, parsed.Record, Console.Out);
            return await UntilEndAsync(soak, soak.RunAsync);
        }
        if (parsed.Foresight)
        {
            var days = new ForesightArguments(parsed.Runs, parsed.Seed, parsed.Trace);
            await using var replays = new ForesightSession(days, parsed.Record, Console.Out);
            return await UntilEndAsync(replays, replays.RunAsync);
        }
        if (parsed.Compare)
        {
            await using var rounds = new CompareSession(parsed.ToCompare(), parsed.Record, Console.Out);
            return await UntilEndAsync(rounds, rounds.RunAsync);
        }
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || IndependentLoad.Missing is not null)
        {
            await Console.Error.WriteLineAsync(IndependentLoad.Missing ?? "network namespaces need Linux and root");
            return 2;
        }
        await using var session = new NemesisSession(parsed, Console.Out);
        return await UntilEndAsync(session, session.RunAsync);
    }

    private static async Task<int> UntilEndAsync(IAsyncDisposable session, Func<Task<bool>> run)
    {
        // Namespaces, mounts and folders outlive a process: Ctrl-C must not leave them behind.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, session));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, session));
        return await run() ? 0 : 1;
    }

    private static void End(PosixSignalContext signal, IAsyncDisposable session)
    {
        signal.Cancel = true;
        session.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(30));
        Environment.Exit(1);
    }
}
