using System.Threading.Channels;

namespace ShardStore.Node.Transport;

/// <summary>Wakes one waiting loop; signals that come while it is awake are folded into one.</summary>
internal sealed class WriteSignal
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _signals.Writer.TryWrite(true);

    /// <summary>After it returns, whatever was queued before the last signal is visible to the caller.</summary>
    public async ValueTask WaitAsync(CancellationToken cancel) => await _signals.Reader.ReadAsync(cancel);
}
