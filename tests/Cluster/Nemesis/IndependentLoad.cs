using System.Globalization;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Simulation.Clients;

namespace ShardStore.Cluster.Tests.Nemesis;

/// <summary>redis-py of Debian on the same keys, in a process of its own: what it saw must fit what the SDK saw.
/// </summary>
internal sealed class IndependentLoad : IAsyncDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(30);
    private readonly ToolProcess _program;

    private IndependentLoad(ToolProcess program) => _program = program;

    public static string? Missing => File.Exists("/usr/lib/python3/dist-packages/redis/cluster.py")
        ? null
        : "redis-py is not installed (package python3-redis)";

    public static IndependentLoad Start(NemesisCluster cluster, KeyPlan plan, int seed) => new(ToolProcess.Start(
        "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Nemesis", "nemesis_load.py"), plan.Run, Text(seed),
        Text(KeyPlan.Registers), Text(KeyPlan.Counters), Text(KeyPlan.WindowNs), string.Join(',', cluster.Endpoints),
        string.Join(',', plan.Tags)));

    /// <summary>Ends it and adds what it saw. A program that did not end well makes the run fail.</summary>
    public async Task<int> StopAsync(SharedHistory into)
    {
        _program.CloseInput();
        var text = (await _program.WaitAsync(EndTimeout)).Checked();
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines[^1] != "end")
            throw new InvalidOperationException($"redis-py's load was cut short: {lines[^1]}\n{_program.Errors}");
        foreach (var line in lines[1..^1])
            into.Add(Parse(line));
        return lines.Length - 2;
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static Operation Parse(string line)
    {
        var fields = line.Split('\t').Select(field => field == "-" ? null : field).ToArray();
        return new Operation
        {
            Kind = Enum.Parse<OperationKind>(fields[0]!),
            Key = fields[1]!,
            Expected = fields[2],
            Value = fields[3],
            CalledAt = long.Parse(fields[4]!, CultureInfo.InvariantCulture),
            ReturnedAt = fields[5] is { } returned ? long.Parse(returned, CultureInfo.InvariantCulture) : long.MaxValue,
            Result = fields[6],
        };
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
