namespace ShardStore.Cluster.Tests.Docker;

/// <summary>A test that needs a Docker engine with Compose; says why it is skipped where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DockerFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(FindMissing);

    public DockerFactAttribute()
    {
        if (Missing.Value is { } reason)
            Skip = reason;
    }

    private static string? FindMissing()
    {
        var engine = Docker("info", "--format", "{{.ServerVersion}}");
        if (engine is not { ExitCode: 0 })
            return "no Docker engine answers; start one or set DOCKER_HOST";
        var compose = Docker("compose", "version");
        return compose is { ExitCode: 0 } ? null : "docker has no compose plugin";
    }

    private static ProgramRun? Docker(params string[] args) =>
        ProgramRun.TryRun("docker", TimeSpan.FromSeconds(10), ProgramRun.NoVariables, args);
}
