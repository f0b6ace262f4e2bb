using System.Buffers;

namespace ShardStore.Node.Transport;

/// <summary>Asked by the transport whenever it is about to write a frame that carries consensus messages. Called on
/// transport threads.</summary>
public interface IUtilizationSource
{
    /// <summary>Writes at most 64 KiB and returns true when there is a block that this peer has not had yet;
    /// otherwise writes nothing. A block may be lost with its connection: the next one must not depend on it.
    /// </summary>
    bool TryTake(int toNode, IBufferWriter<byte> into);
}
