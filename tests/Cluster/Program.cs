using ShardStore.Cluster.Tests.Nemesis;

namespace ShardStore.Cluster.Tests;

/// <summary>Runs faults against real nodes: <c>--nemesis all --seconds 60</c>, or <c>--failover kill --trials 20</c>.
/// Exit 0 when all was as promised, 1 when something was not, 2 on bad usage.</summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (!NemesisArguments.TryParse(arguments, out var parsed, out var problem))
        {
            await Console.Error.WriteLineAsync(problem);
            return 2;
        }
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root" || IndependentLoad.Missing is not null)
        {
            await Console.Error.WriteLineAsync(IndependentLoad.Missing ?? "network namespaces need Linux and root");
            return 2;
        }
        var session = new NemesisSession(parsed, Console.Out);
        return await session.RunAsync() ? 0 : 1;
    }
}
