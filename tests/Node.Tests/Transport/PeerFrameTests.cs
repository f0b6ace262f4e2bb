using Xunit;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Tests.Transport;

public sealed class PeerFrameTests
{
    [Fact]
    public void Frames_cut_at_every_byte_arrive_whole_and_in_order()
    {
        var bytes = new List<byte>();
        var random = new Random(11);
        var sent = Enumerable.Range(0, 5).Select(_ => TestMessages.Draw(random)).ToList();
        bytes.AddRange(MessagesFrame(sent, new byte[] { 1, 2, 3 }));
        bytes.AddRange(BulkFrame(42, [9, 8, 7]));
        for (var cut = 0; cut <= bytes.Count; cut++)
        {
            var receiver = new RecordingReceiver();
            var reader = new PeerFrameReader(3, receiver);
            Feed(reader, [.. bytes[..cut]]);
            Feed(reader, [.. bytes[cut..]]);
            Assert.Equal(
                sent.Select(TestMessages.Describe), receiver.Messages.Select(m => TestMessages.Describe(m.Message)));
            Assert.Equal([1, 2, 3], receiver.Blocks.Single().Block);
            Assert.Equal(3, reader.BulkBytesTaken);
        }
    }

    [Fact]
    public void Any_flipped_bit_of_a_frame_is_refused_or_waits_for_more_bytes()
    {
        var frame = MessagesFrame([TestMessages.Draw(new Random(2))], [5]);
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            var damaged = (byte[])frame.Clone();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            var receiver = new RecordingReceiver();
            try
            {
                Feed(new PeerFrameReader(1, receiver), damaged);
            }
            catch (PeerProtocolException)
            {
                Assert.Empty(receiver.Messages);
            }
            Assert.Empty(receiver.Messages);
        }
    }

    [Fact]
    public void Valid_checksums_over_nonsense_never_crash_the_reader()
    {
        var random = new Random(5);
        for (var i = 0; i < 5000; i++)
        {
            var frame = new FrameBuffer();
            PeerFrameCodec.Begin(frame);
            random.NextBytes(frame.Take(random.Next(200)));
            PeerFrameCodec.End(frame, (PeerFrameFlags)random.Next(8), default);
            try
            {
                Feed(new PeerFrameReader(1, new RecordingReceiver()), frame.Written.ToArray());
            }
            catch (PeerProtocolException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(43)]
    [InlineData(-1)]
    [InlineData(TransportLimits.FrameBytesMax + 1)]
    public void A_length_that_no_frame_has_is_refused_at_once(int length)
    {
        var error = Assert.Throws<PeerProtocolException>(() =>
            Feed(new PeerFrameReader(1, new RecordingReceiver()), BitConverter.GetBytes(length)));
        Assert.Contains($"a frame of {length} bytes, allowed are 44 to", error.Message);
    }

    [Fact]
    public void A_huge_announced_length_costs_no_memory_until_the_bytes_arrive()
    {
        var reader = new PeerFrameReader(1, new RecordingReceiver());
        Feed(reader, BitConverter.GetBytes(TransportLimits.FrameBytesMax));
        Assert.InRange(reader.Room().Length, 1, 64 * 1024);
    }

    [Fact]
    public void A_frame_of_more_messages_than_the_reader_holds_is_delivered_in_parts()
    {
        var sent = Enumerable.Range(0, 1000).Select(i => new GroupMessage(1, TestMessages.Heartbeat((ulong)i)));
        var receiver = new RecordingReceiver();
        Feed(new PeerFrameReader(1, receiver), MessagesFrame([.. sent], []));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (ulong)i),
            receiver.Messages.Select(m => m.Message.Message.Context));
    }

    internal static byte[] MessagesFrame(List<GroupMessage> messages, byte[] block)
    {
        var source = new QueuedUtilization();
        if (block.Length > 0)
            source.Blocks.Enqueue(block);
        var writer = new PeerFrameWriter(2, source, new TransportCounters());
        writer.BuildMessages(messages, new PeerFrameHead(1, 2, 3, 0));
        return writer.Frame.ToArray();
    }

    private static byte[] BulkFrame(ulong channel, byte[] bytes)
    {
        var writer = new PeerFrameWriter(2, new QueuedUtilization(), new TransportCounters());
        writer.BuildBulk(new BulkChunk(channel, bytes, bytes.Length), default);
        return writer.Frame.ToArray();
    }

    private static void Feed(PeerFrameReader reader, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = reader.Room();
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room.Span);
            bytes = bytes[count..];
            reader.Received(count);
            while (reader.TryReadFrame(out _))
            {
                // Each call handles one frame.
            }
        }
    }
}
