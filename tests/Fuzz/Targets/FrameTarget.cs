using System.Buffers.Binary;
using ShardStore.Node.Replication;
using ShardStore.Node.Telemetry;
using ShardStore.Node.Transport;
using ShardStore.Raft;
using ShardStore.Storage;
using ShardStore.Storage.Files;

namespace ShardStore.Fuzz.Targets;

/// <summary>Frames of a peer with all that rides on them: consensus messages, utilization blocks, snapshot messages.
/// </summary>
internal sealed class FrameTarget : IFuzzTarget, IPeerReceiver, IUtilizationSource
{
    private static readonly PeerFrameHead s_head = new(1000, 900, 50, 4096);
    private readonly PeerFrameWriter _writer;
    private bool _isAccepted;

    public FrameTarget()
    {
        _writer = new PeerFrameWriter(2, this, new TransportCounters());
        Corpus = [Messages(1), Messages(20), Bulk(Offer()), Bulk(Chunk()), Empty()];
    }

    public string Name => "frame";

    public IReadOnlyList<byte[]> Corpus { get; }

    public void Seal(byte[] input)
    {
        if (input.Length < PeerFrameCodec.HeadBytes)
            return;
        BinaryPrimitives.WriteInt32LittleEndian(input, input.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(input.AsSpan(4), Crc32C.Compute(input.AsSpan(8)));
    }

    public bool Read(byte[] input)
    {
        _isAccepted = true;
        var reader = new PeerFrameReader(2, this);
        for (var taken = 0; taken < input.Length;)
        {
            var room = reader.Room();
            var count = Math.Min(room.Length, input.Length - taken);
            input.AsMemory(taken, count).CopyTo(room);
            reader.Received(count);
            taken += count;
            while (reader.TryReadFrame(out _))
                continue;
        }
        return _isAccepted;
    }

    public bool IsRefusal(Exception error) => error is PeerProtocolException;

    public void OnMessages(int fromNode, ReadOnlySpan<GroupMessage> messages)
    {
        foreach (var message in messages)
            _isAccepted &= message.Message.Type != 0;
    }

    public void OnUtilization(int fromNode, ReadOnlySpan<byte> block)
    {
        while (!block.IsEmpty && _isAccepted)
        {
            _isAccepted = UtilizationBlock.TryDecode(block, out _, out var consumed, out var error);
            if (!_isAccepted && string.IsNullOrEmpty(error))
                throw new InvalidOperationException("a utilization block was refused without a word");
            block = block[consumed..];
        }
    }

    public void OnBulk(int fromNode, ulong channel, ReadOnlySpan<byte> bytes)
    {
        _isAccepted &= SnapshotMessages.TryReadHead(bytes.ToArray(), out var type, out var key, out var body);
        if (_isAccepted && type == SnapshotMessageType.Offer)
            _isAccepted = SnapshotMessages.TryReadOffer(key, body, out _);
        else if (_isAccepted)
            SnapshotMessages.ReadNumber(body);
    }

    public void OnPeerDown(int node)
    {
        // No connection here.
    }

    public bool TryTake(int toNode, System.Buffers.IBufferWriter<byte> into)
    {
        var node = new NodeUtilization { Node = 2, Sequence = 7, CpuShare = 0.5f };
        var block = new UtilizationBlock(node, 10, [new ShardDemand(3, 100, 5), new ShardDemand(4, 1, 0)]);
        into.Advance(block.Encode(into.GetSpan(block.EncodedBytes)));
        return true;
    }

    private byte[] Messages(int count)
    {
        var payload = new byte[100];
        var entry = new LogEntry(new LogIndex(8), new Term(3), EntryKind.Command, payload);
        var messages = Enumerable.Range(0, count).Select(i => new GroupMessage((ulong)i, new Message
        {
            Type = i % 2 == 0 ? MessageType.Append : MessageType.Heartbeat,
            From = new ReplicaId(1),
            To = new ReplicaId(2),
            Term = new Term(3),
            Index = new LogIndex(7),
            Entries = i % 2 == 0 ? [entry, entry] : null,
        }));
        _writer.BuildMessages([.. messages], s_head);
        return _writer.Frame.ToArray();
    }

    private byte[] Bulk(byte[] bytes)
    {
        var chunk = new BulkChunk(SnapshotMessages.Channel, bytes, bytes.Length);
        _writer.BuildBulk(chunk, s_head);
        return _writer.Frame.ToArray();
    }

    private byte[] Empty()
    {
        _writer.BuildEmpty(s_head);
        return _writer.Frame.ToArray();
    }

    private static byte[] Offer() => SnapshotMessages.Offer(new SnapshotOffer(
        new SnapshotKey(3, new ReplicaId(9), 1), new ReplicaId(8), new CheckpointState(5, 2, [1, 2, 3], 99),
        77, 1000, 4));

    private static byte[] Chunk() =>
        SnapshotMessages.Chunk(new SnapshotKey(3, new ReplicaId(9), 1), 2).WrittenSpan.ToArray();
}
