using System.Net;
using System.Net.Sockets;
using ShardStore.Node.Transport;
using ShardStore.Storage.Files;
using Xunit;

namespace ShardStore.Node.Tests.Transport;

/// <summary>Whoever is not the right peer is told apart by one line, and the node goes on.</summary>
public sealed class PeerHandshakeTests : IAsyncLifetime
{
    private readonly TestPeer _node = new(1);
    private readonly TestPeer _good = new(2);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        // After every refusal a right peer still gets through.
        await TestPeer.Connect(_node, _good);
        await _node.DisposeAsync();
        await _good.DisposeAsync();
    }

    [Theory]
    [InlineData(3, "n3", "other", "it belongs to cluster \"other\", this node to \"c1\"")]
    [InlineData(1, "n1", "c1", "it calls itself node 1, which is this node")]
    [InlineData(0, "n0", "c1", "it calls itself node 0, which is no node number")]
    [InlineData(2, "zzz", "c1", "it calls itself \"zzz\", but node 2 is \"n2\"")]
    public async Task A_wrong_identity_is_refused(int node, string name, string cluster, string reason)
    {
        _node.Transport.SetPeers([_good.Address]);
        await SendAsync(new PeerGreeting(node, name, cluster, "").Encode());
        Assert.StartsWith("Refused peer 127.0.0.1:", await _node.Log.Until(reason));
    }

    [Fact]
    public async Task A_member_that_comes_with_another_disk_or_was_removed_is_told_so()
    {
        _node.Transport.RecordOf = node => node == 3 ? new PeerRecord("its own", IsRemoved: false) : null;
        await SendAsync(new PeerGreeting(3, "n3", "c1", "another").Encode());
        await _node.Log.Until("node 3 comes without the data it had (disk another, on record is its own)");
        await using var removed = new TestPeer(4);
        _node.Transport.RecordOf = _ => new PeerRecord("", IsRemoved: true);
        var told = new TaskCompletionSource<(int, string)>();
        removed.Transport.TurnedAway += (node, reason) => told.TrySetResult((node, reason));
        // Nobody dials it: it asks by itself.
        removed.Transport.SetPeers([_node.Address]);
        var (by, reason) = await told.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, by);
        Assert.StartsWith("node 4 was removed from this cluster", reason);
        _node.Transport.RecordOf = _ => null;
    }

    [Fact]
    public async Task A_newer_protocol_is_refused_by_name()
    {
        var bytes = new PeerGreeting(3, "n3", "c1", "").Encode();
        bytes[4] = 9;
        BitConverter.GetBytes(Crc32C.Compute(bytes.AsSpan(0, bytes.Length - 4))).CopyTo(bytes, bytes.Length - 4);
        await SendAsync(bytes);
        await _node.Log.Until("it speaks protocol version 9, this node version 2");
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "it does not speak our protocol (it began with 47455420)")]
    [InlineData("SSPR\u0002\0\u0008\0abcdefghijkl", "the checksum of its greeting does not match")]
    [InlineData("SSPR\u0002\0\u0000\u0008", "its greeting has 2048 bytes, allowed are 1024")]
    [InlineData("SS", "it closed the connection before it had greeted")]
    public async Task Nonsense_is_refused(string text, string reason)
    {
        await SendAsync(System.Text.Encoding.Latin1.GetBytes(text));
        await _node.Log.Until(reason);
        Assert.Equal(1, _node.Transport.Counters.ConnectionsRefused);
    }

    [Fact]
    public async Task Silence_is_refused_after_the_deadline()
    {
        using var socket = await DialAsync();
        await _node.Log.Until("it did not greet within 2000 ms");
    }

    [Fact]
    public async Task A_greeting_cut_or_mutated_anywhere_never_connects()
    {
        var good = new PeerGreeting(3, "n3", "c1", "").Encode();
        for (var at = 0; at < good.Length; at++)
        {
            var bytes = (byte[])good.Clone();
            bytes[at] ^= 0x15;
            await SendAsync(bytes);
            await SendAsync(good[..at]);
        }
        await _node.Log.Until("Refused peer");
        Assert.DoesNotContain(_node.Log.Lines, line => line.Contains("Connected", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nonsense_after_a_right_greeting_ends_that_connection_only()
    {
        using var socket = await DialAsync();
        await socket.SendAsync(new PeerGreeting(3, "n3", "c1", "").Encode());
        await socket.SendAsync(PeerVerdict.Encode(null));
        await _node.Log.Until("Connected to node 3");
        await socket.SendAsync("nonsense, and more of it than a length"u8.ToArray());
        var line = await _node.Log.Until("Lost node 3 \"n3\": a frame of ");
        Assert.Contains("allowed are 44 to 67108864", line);
    }

    [Fact]
    public async Task A_peer_that_answers_under_another_number_than_was_dialled_is_refused_once_however_often()
    {
        _node.Transport.SetPeers([_good.Address with { Node = 7 }]);
        await _node.Log.Until("it calls itself node 2, expected was 7");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (_node.Transport.Counters.ConnectionsRefused < 4)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
        Assert.Single(_node.Log.Lines, line => line.Contains("expected was 7", StringComparison.Ordinal));
        _node.Transport.SetPeers([]);
    }

    private async Task<Socket> DialAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _node.Address.Port));
        return socket;
    }

    private async Task SendAsync(byte[] bytes)
    {
        using var socket = await DialAsync();
        await socket.SendAsync(bytes);
        socket.Shutdown(SocketShutdown.Send);
        // The node closes its end once it has judged.
        var rest = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(rest) > 0)
            {
                // Its own greeting.
            }
        }
        catch (SocketException error)
        {
            Assert.Equal(SocketError.ConnectionReset, error.SocketErrorCode);
        }
    }
}
