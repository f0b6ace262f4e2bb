using Microsoft.Extensions.Hosting;

namespace ShardStore.Node.Admin;

/// <summary>The web host would stop by itself on Ctrl-C and SIGTERM; the node decides when its API goes.</summary>
internal sealed class NoSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
