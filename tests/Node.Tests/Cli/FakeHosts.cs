using ShardStore.Node.Cli;
using ShardStore.Node.Demo;

namespace ShardStore.Node.Tests.Cli;

/// <summary>Remembers what it was asked to run.</summary>
internal sealed class FakeHosts : IHosts
{
    public NodeOptions? Node { get; private set; }
    public DevOptions? Dev { get; private set; }
    public DemoOptions? Demo { get; private set; }

    public Task<int> RunNodeAsync(NodeOptions options, CancellationToken stop)
    {
        Node = options;
        return Task.FromResult(0);
    }

    public Task<int> RunDevAsync(DevOptions options, CancellationToken stop)
    {
        Dev = options;
        return Task.FromResult(0);
    }

    public Task<int> RunDemoAsync(DemoOptions options, TextWriter output, CancellationToken stop)
    {
        Demo = options;
        return Task.FromResult(0);
    }
}
