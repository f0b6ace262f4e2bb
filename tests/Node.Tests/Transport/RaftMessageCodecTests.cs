using Xunit;
using ShardStore.Node.Transport;
using Xunit.Abstractions;

namespace ShardStore.Node.Tests.Transport;

public sealed class RaftMessageCodecTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_message_comes_back_as_it_was_sent()
    {
        var random = Seeded();
        for (var i = 0; i < 3000; i++)
        {
            var message = TestMessages.Draw(random);
            var bytes = Encode(message);
            Assert.True(bytes.Length <= RaftMessageCodec.BytesMax(message.Message));
            ReadOnlySpan<byte> rest = bytes;
            Assert.Equal(TestMessages.Describe(message), TestMessages.Describe(RaftMessageCodec.Read(ref rest)));
            Assert.True(rest.IsEmpty);
        }
    }

    [Fact]
    public void A_message_cut_anywhere_is_refused()
    {
        var bytes = Encode(TestMessages.Draw(new Random(4)) with { Group = 7 });
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<PeerProtocolException>(() =>
            {
                ReadOnlySpan<byte> rest = bytes.AsSpan(0, length);
                RaftMessageCodec.Read(ref rest);
            });
    }

    [Fact]
    public void Random_and_mutated_bytes_are_read_or_refused_within_bounded_memory()
    {
        var random = Seeded();
        var refused = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var bytes = random.Next(3) == 0 ? Random(random) : Mutate(random, Encode(TestMessages.Draw(random)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadOnlySpan<byte> rest = bytes;
                RaftMessageCodec.Read(ref rest);
            }
            catch (PeerProtocolException)
            {
                refused++;
            }
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < 16_384 + (4 * bytes.Length), $"{bytes.Length} bytes allocated {allocated}");
        }
        Assert.InRange(refused, 1000, 29_000);
    }

    [Fact]
    public void A_heartbeat_is_written_and_read_without_allocation()
    {
        var buffer = new FrameBuffer();
        var heartbeat = TestMessages.Heartbeat(9) with { SentAt = 5 };
        var before = 0L;
        for (var i = 0; i < 200; i++)
        {
            // The first rounds may allocate: they are compiled and grow the buffer.
            if (i == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            buffer.Reset();
            RaftMessageCodec.Write(buffer, 12, heartbeat);
            ReadOnlySpan<byte> rest = buffer.Written;
            RaftMessageCodec.Read(ref rest);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100);
        Assert.Equal(3 + (4 * 8), buffer.Length);
    }

    private static byte[] Encode(GroupMessage message)
    {
        var buffer = new FrameBuffer();
        RaftMessageCodec.Write(buffer, message.Group, message.Message);
        return buffer.Written.ToArray();
    }

    private static byte[] Random(Random random)
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Mutate(Random random, byte[] bytes)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private Random Seeded()
    {
        var given = Environment.GetEnvironmentVariable("SHARDSTORE_TEST_SEED");
        var seed = given is null ? Environment.TickCount : int.Parse(given);
        output.WriteLine($"SHARDSTORE_TEST_SEED={seed}");
        return new Random(seed);
    }
}
