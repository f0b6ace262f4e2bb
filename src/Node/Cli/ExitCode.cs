namespace ShardStore.Node.Cli;

/// <summary>Exit codes; scripts rely on them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;
}
