namespace ShardStore.Node.Cli;

/// <summary>Stands in until the node's host is merged.</summary>
internal sealed class UnlinkedHosts : IHosts
{
    public Task<int> RunNodeAsync(NodeOptions options, CancellationToken stop) => Refuse("node");

    public Task<int> RunDevAsync(DevOptions options, CancellationToken stop) => Refuse("dev");

    private static Task<int> Refuse(string verb)
    {
        Console.Error.WriteLine($"shardstore {verb}: not linked");
        return Task.FromResult(1);
    }
}
