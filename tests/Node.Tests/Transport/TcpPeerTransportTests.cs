using ShardStore.Node.Transport;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Node.Tests.Transport;

/// <summary>Real sockets on loopback.</summary>
public sealed class TcpPeerTransportTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Messages_of_many_groups_go_both_ways_in_one_frame_a_flush()
    {
        await using var first = new TestPeer(1);
        await using var second = new TestPeer(2);
        await TestPeer.Connect(first, second);
        for (var group = 0UL; group < 500; group++)
        {
            first.Transport.Send(2, group, TestMessages.Heartbeat(group));
            second.Transport.Send(1, group, TestMessages.Heartbeat(group + 1000));
        }
        Assert.Equal(0, first.Transport.Counters.FramesSent);
        first.Transport.Flush();
        second.Transport.Flush();
        await first.Receiver.Until(() => first.Receiver.Messages.Count == 500, "500 messages from node 2");
        await second.Receiver.Until(() => second.Receiver.Messages.Count == 500, "500 messages from node 1");
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (1, (ulong)i)),
            second.Receiver.Messages.Select(m => (m.From, m.Message.Message.Context)));
        Assert.Equal(1, first.Transport.Counters.FramesSent);
        Assert.Equal(500, first.Transport.Counters.MessagesSent);
        Assert.InRange(second.Transport.Counters.BytesReceived, 500, first.Transport.Counters.BytesSent);
    }

    [Fact]
    public async Task A_peer_that_connects_before_it_is_known_keeps_its_connection_when_any_name_will_do()
    {
        await using var first = new TestPeer(1);
        await using var second = new TestPeer(2);
        first.Transport.SetPeers([first.Address, second.Address]);
        await second.Log.Until("Connected to node 1 ");
        second.Transport.SetPeers([first.Address with { Name = "" }, second.Address]);
        var deadline = TimeSpan.FromSeconds(20);
        Assert.True(SpinWait.SpinUntil(() => second.Transport.Link(1) is { Connected: true }, deadline), "connected");
        second.Transport.Send(1, 1, TestMessages.Heartbeat(1));
        second.Transport.Flush();
        await first.Receiver.Until(() => !first.Receiver.Messages.IsEmpty, "a message to the peer that dialled");
        Assert.DoesNotContain(second.Log.Lines, line => line.StartsWith("Lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_retired_peer_begins_no_connection()
    {
        await using var first = new TestPeer(1);
        using var peer = new Peer(first.Address, first.Receiver, new TransportCounters());
        using var socket = PeerSocket.Create(new TransportOptions
        {
            Node = 2,
            Name = "n2",
            ClusterId = "c1",
            Listen = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
        });
        peer.Retire();
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => peer.RunAsync(socket, first.Utilization, CancellationToken.None));
        Assert.False(peer.IsConnected);
    }

    [Fact]
    public async Task A_utilization_block_waits_for_a_consensus_frame_and_never_travels_otherwise()
    {
        await using var first = new TestPeer(1);
        await using var second = new TestPeer(2);
        await TestPeer.Connect(first, second);
        first.Utilization.Blocks.Enqueue([1, 2, 3]);
        Assert.True(first.Transport.SendBulk(2, 5, new byte[100_000]));
        first.Transport.Flush();
        await second.Receiver.Until(() => second.Receiver.BulkBytes == 100_000, "the bulk chunk");
        Assert.Empty(second.Receiver.Blocks);
        first.Transport.Send(2, 1, TestMessages.Heartbeat(1));
        first.Transport.Flush();
        await second.Receiver.Until(() => !second.Receiver.Messages.IsEmpty, "the heartbeat");
        Assert.Equal([1, 2, 3], second.Receiver.Blocks.Single().Block);
        Assert.Equal(1, first.Transport.Counters.UtilizationBlocksInConsensusFrames);
        Assert.Equal(0, first.Transport.Counters.UtilizationBlocksElsewhere);
    }

    [Fact]
    public async Task Bulk_arrives_complete_within_its_credit_and_yields_bandwidth_and_round_trip_time()
    {
        await using var first = new TestPeer(1);
        await using var second = new TestPeer(2);
        await TestPeer.Connect(first, second);
        var chunk = new byte[256 * 1024];
        var hash = 0UL;
        for (var sent = 0; sent < 400; sent++)
        {
            chunk[0] = (byte)sent;
            hash = RecordingReceiver.Hash(hash, chunk) + 3;
            var expected = sent;
            while (!first.Transport.SendBulk(2, 3, chunk))
                await second.Receiver.Until(
                    () => second.Receiver.BulkBytes >= (expected - 30L) * chunk.Length, "room in the queue");
        }
        await second.Receiver.Until(() => second.Receiver.BulkBytes == 400L * chunk.Length, "all chunks");
        Assert.Equal(hash, second.Receiver.BulkHash);
        first.Transport.Send(2, 1, TestMessages.Heartbeat(1));
        first.Transport.Flush();
        await second.Receiver.Until(() => !second.Receiver.Messages.IsEmpty, "the heartbeat");
        second.Transport.Send(1, 1, TestMessages.Heartbeat(2));
        second.Transport.Flush();
        await first.Receiver.Until(() => !first.Receiver.Messages.IsEmpty, "its answer");
        var link = first.Transport.Link(2)!.Value;
        output.WriteLine(link.ToString());
        Assert.True(link.Connected);
        Assert.InRange(link.RttMicros, 1, 5_000_000);
        Assert.InRange(link.BandwidthBytesPerSecond, 1_000_000, long.MaxValue);
        Assert.True(link.LastReceivedMicros > 0);
        Assert.Null(first.Transport.Link(9));
    }

    [Fact]
    public async Task A_peer_that_does_not_read_bounds_the_bulk_and_costs_the_oldest_messages()
    {
        await using var first = new TestPeer(1);
        await using var second = new TestPeer(2);
        await TestPeer.Connect(first, second);
        second.Receiver.Gate.Reset();
        var accepted = 0L;
        while (first.Transport.SendBulk(2, 1, new byte[512 * 1024]))
            accepted += 512 * 1024;
        // What was written meanwhile is bounded by the credit, the rest by the queue.
        Assert.InRange(accepted, 1, TransportLimits.BulkQueueBytesMax + TransportLimits.BulkCreditBytes);
        var big = TestMessages.Entries(new Random(1), 1);
        big[0] = big[0] with { Payload = new byte[1024 * 1024] };
        for (var i = 1UL; i <= 200; i++)
        {
            first.Transport.Send(2, 1, TestMessages.Heartbeat(i) with { Entries = big });
            first.Transport.Flush();
        }
        var dropped = first.Transport.Counters.MessagesDropped;
        Assert.InRange(dropped, 50, 199);
        second.Receiver.Gate.Set();
        await second.Receiver.Until(() => second.Receiver.Messages.Count == 200 - dropped, "those not dropped");
        Assert.Equal(200UL, second.Receiver.Messages.Last().Message.Message.Context);
        await second.Receiver.Until(() => second.Receiver.BulkBytes == accepted, "the bulk");
    }

    [Fact]
    public async Task A_restarted_peer_is_connected_again_and_the_loss_is_told_once()
    {
        await using var first = new TestPeer(1);
        PeerAddress address;
        await using (var second = new TestPeer(2))
        {
            address = second.Address;
            await TestPeer.Connect(first, second);
        }
        await first.Receiver.Until(() => !first.Receiver.Down.IsEmpty, "node 2 down");
        Assert.Equal([2], first.Receiver.Down);
        Assert.False(first.Transport.Link(2)!.Value.Connected);
        first.Transport.Send(2, 1, TestMessages.Heartbeat(1));
        Assert.Equal(1, first.Transport.Counters.MessagesDropped);
        Assert.False(first.Transport.SendBulk(2, 1, new byte[1]));
        await using var again = new TestPeer(2, port: address.Port);
        again.Transport.SetPeers([first.Address]);
        await first.Log.Until("Connected to node 2", times: 2);
        await again.Log.Until("Connected to node 1");
        await SendUntilReceived(first, again);
    }

    /// <summary>Where both have dialled, one of two connections is given up, with what was sent on it.</summary>
    private static async Task SendUntilReceived(TestPeer from, TestPeer to)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (to.Receiver.Messages.IsEmpty)
        {
            from.Transport.Send(2, 1, TestMessages.Heartbeat(7));
            from.Transport.Flush();
            await pace.WaitForNextTickAsync(deadline.Token);
        }
    }

    [Fact]
    public async Task A_removed_peer_is_disconnected()
    {
        await using var first = new TestPeer(1);
        await using var second = new TestPeer(2);
        await TestPeer.Connect(first, second);
        first.Transport.SetPeers([]);
        await second.Receiver.Until(() => !second.Receiver.Down.IsEmpty, "node 1 down");
        Assert.Null(first.Transport.Link(2));
    }
}
