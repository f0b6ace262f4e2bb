namespace ShardStore.Cluster.Tests.Docker;

/// <summary>The cluster of compose.yaml on free ports, under a project name of its own; removed at the end.</summary>
public sealed class ComposeCluster : IDisposable
{
    private static readonly TimeSpan BuildDeadline = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(3);

    private readonly string _project = "shardstore-test-" + Environment.ProcessId;
    private readonly Dictionary<string, string> _ports = [];

    public ComposeCluster()
    {
        foreach (var name in new[] { "N1", "N2", "N3" })
        {
            var ports = Support.Ports.Free(2);
            _ports[name + "_PORT"] = $"{ports[0]}";
            _ports[name + "_ADMIN_PORT"] = $"{ports[1]}";
        }
    }

    public int Port(int node) => int.Parse(_ports[$"N{node}_PORT"]);

    public string Container(int node) => $"{_project}-n{node}-1";

    public string Build() => Compose(BuildDeadline, "build");

    public string Up() => Compose(
        CommandDeadline, "up", "-d", "--no-build", "--pull", "never", "--wait", "--wait-timeout", "120");

    public string Stop(int node) => Compose(CommandDeadline, "stop", "-t", "30", $"n{node}");

    public string Start(int node) => Compose(CommandDeadline, "start", $"n{node}");

    public string Docker(params string[] args) => Checked(CommandDeadline, args);

    public void Dispose() => ProgramRun.TryRun(
        "docker", CommandDeadline, _ports, ["compose", .. Files(), "down", "-v", "--remove-orphans", "-t", "5"]);

    private string Compose(TimeSpan deadline, params string[] args) =>
        Checked(deadline, ["compose", .. Files(), .. args]);

    private string Checked(TimeSpan deadline, string[] args)
    {
        var run = ProgramRun.TryRun("docker", deadline, _ports, args);
        Assert.True(run is { ExitCode: 0 },
            $"docker {string.Join(' ', args)}: {run?.Output ?? $"no end within {deadline.TotalSeconds:0} s"}");
        return run!.Output.Trim();
    }

    private string[] Files() => ["-p", _project, "-f", "compose.yaml", "-f", "compose.test.yaml"];
}
