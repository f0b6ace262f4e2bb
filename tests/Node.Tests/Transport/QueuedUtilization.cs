using System.Buffers;
using System.Collections.Concurrent;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Tests.Transport;

/// <summary>Gives each queued block once, to whichever peer a frame goes first.</summary>
internal sealed class QueuedUtilization : IUtilizationSource
{
    public ConcurrentQueue<byte[]> Blocks { get; } = new();

    public bool TryTake(int toNode, IBufferWriter<byte> into)
    {
        if (!Blocks.TryDequeue(out var block))
            return false;
        into.Write(block);
        return true;
    }
}
