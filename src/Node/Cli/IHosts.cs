using ShardStore.Node.Demo;

namespace ShardStore.Node.Cli;

/// <summary>What the verbs start. The command line knows options and exit codes; what runs is behind this.</summary>
public interface IHosts
{
    /// <summary>Runs one node until it is cancelled (then it drains and returns 0) or fails (1).</summary>
    Task<int> RunNodeAsync(NodeOptions options, CancellationToken stop);

    /// <summary>Runs a whole cluster on this machine, likewise.</summary>
    Task<int> RunDevAsync(DevOptions options, CancellationToken stop);

    /// <summary>Runs the demo to its end: 0, or 1 when it could not be run.</summary>
    Task<int> RunDemoAsync(DemoOptions options, TextWriter output, CancellationToken stop);
}
