using System.Buffers;
using System.Buffers.Binary;

namespace ShardStore.Node.Transport;

/// <summary>Builds the frames of one connection. Used by its write loop only.</summary>
internal sealed class PeerFrameWriter(int toNode, IUtilizationSource utilization, TransportCounters counters)
{
    private readonly FrameBuffer _frame = new();

    public ReadOnlyMemory<byte> Frame => _frame.Memory;

    /// <summary>One frame for the messages of all groups. It alone may carry a utilization block.</summary>
    public void BuildMessages(List<GroupMessage> messages, in PeerFrameHead head)
    {
        PeerFrameCodec.Begin(_frame);
        var flags = PeerFrameFlags.Messages;
        if (TryAddUtilization())
            flags |= PeerFrameFlags.Utilization;
        _frame.Take(1)[0] = RaftMessageCodec.Version;
        BinaryPrimitives.WriteInt32LittleEndian(_frame.Take(sizeof(int)), messages.Count);
        foreach (var message in messages)
            RaftMessageCodec.Write(_frame, message.Group, message.Message);
        End(flags, head, messages.Count);
    }

    public void BuildBulk(in BulkChunk chunk, in PeerFrameHead head)
    {
        PeerFrameCodec.Begin(_frame);
        BinaryPrimitives.WriteUInt64LittleEndian(_frame.Take(sizeof(ulong)), chunk.Channel);
        BinaryPrimitives.WriteInt32LittleEndian(_frame.Take(sizeof(int)), chunk.Length);
        _frame.Write(chunk.Bytes.AsSpan(0, chunk.Length));
        End(PeerFrameFlags.Bulk, head, 0);
    }

    /// <summary>Only the head: it acknowledges bulk bytes, or asks for a sign of life, when there is nothing to say.
    /// </summary>
    public void BuildEmpty(in PeerFrameHead head)
    {
        PeerFrameCodec.Begin(_frame);
        End(PeerFrameFlags.None, head, 0);
    }

    private bool TryAddUtilization()
    {
        var before = _frame.Length;
        var lengthAt = before;
        _frame.Take(sizeof(int));
        var isTaken = utilization.TryTake(toNode, _frame);
        var length = _frame.Length - lengthAt - sizeof(int);
        if (!isTaken || length is 0 or > TransportLimits.UtilizationBytesMax)
        {
            _frame.Rewind(before);
            return false;
        }
        BinaryPrimitives.WriteInt32LittleEndian(_frame.Written[lengthAt..], length);
        return true;
    }

    private void End(PeerFrameFlags flags, in PeerFrameHead head, int messages)
    {
        PeerFrameCodec.End(_frame, flags, head);
        counters.CountFrame(_frame.Length, flags, messages);
    }
}
