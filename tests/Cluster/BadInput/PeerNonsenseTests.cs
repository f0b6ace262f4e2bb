using System.Buffers.Binary;
using System.Text;
using ShardStore.Cluster.Tests.Support;
using ShardStore.Storage.Files;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>Whoever dials the peer port and is no node of this cluster is turned away, and the log says why.</summary>
[Collection(OneNodeCollection.Name)]
public sealed class PeerNonsenseTests(OneNode node)
{
    private const int Stranger = 2;

    [Fact]
    public Task Text_is_turned_away() =>
        AssertTurnedAwayAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), "it does not speak our protocol");

    [Fact]
    public Task A_newer_protocol_is_turned_away() =>
        AssertTurnedAwayAsync(Greeting("any", "n2", version: 9), "protocol version 9");

    [Fact]
    public Task A_greeting_without_end_is_turned_away() =>
        AssertTurnedAwayAsync([.. "SSPR"u8, 2, 0, 0xFF, 0xFF, .. new byte[16]], "its greeting has 65535 bytes");

    [Fact]
    public Task A_damaged_greeting_is_turned_away()
    {
        var greeting = Greeting("any", "n2");
        greeting[10] ^= 1;
        return AssertTurnedAwayAsync(greeting, "checksum");
    }

    [Fact]
    public Task A_node_of_another_cluster_is_turned_away() =>
        AssertTurnedAwayAsync(Greeting("0123456789abcdef", "n2"), "it belongs to cluster \"0123456789abcdef\"");

    [Fact]
    public async Task Nonsense_behind_a_good_greeting_ends_the_connection()
    {
        using var connection = RawConnection.To(node.Cluster.PeerPorts[0]);
        connection.Send(Greeting(await ClusterIdAsync(connection), "n2"));
        connection.Send([.. "SSPV"u8, 0, 0, .. BitConverter.GetBytes(Crc32C.Compute([.. "SSPV"u8, 0, 0]))]);
        connection.Send(Enumerable.Repeat((byte)0x5A, 4_096).ToArray());
        await connection.ReceiveUntilClosedAsync();
        await node.AssertServesAsync();
    }

    [Fact]
    public async Task A_whole_node_of_another_cluster_does_not_get_in()
    {
        using var trial = new NodeTrial();
        var at = NodeTrial.At(node.Cluster.PeerPorts[0]);
        await using var other = NodeProcess.Start(
            trial.Arguments("--join", $"{trial.PeerListen},{at}", "--shards", "4"));
        await Waiting.UntilAsync(
            () => other.Errors.Contains("Refused peer", StringComparison.Ordinal)
                && other.Errors.Contains("belongs to cluster", StringComparison.Ordinal),
            TimeSpan.FromSeconds(30), () => other.Errors + other.Output);
        await node.AssertServesAsync();
    }

    private async Task AssertTurnedAwayAsync(byte[] sent, string reason)
    {
        using var connection = RawConnection.To(node.Cluster.PeerPorts[0]);
        connection.Send(sent);
        await connection.ReceiveUntilClosedAsync();
        await Waiting.UntilAsync(
            () => node.Cluster[0].Errors.Contains(reason, StringComparison.Ordinal), TimeSpan.FromSeconds(10),
            () => $"'{reason}' is not in:\n{node.Cluster[0].Errors}");
        await node.AssertServesAsync();
    }

    /// <summary>The node greets first: it tells its cluster.</summary>
    private static async Task<string> ClusterIdAsync(RawConnection connection)
    {
        const int before = 14;
        var greeting = await connection.ReceiveAsync(before + 16);
        return greeting[before..];
    }

    private static byte[] Greeting(string cluster, string name, ushort version = 2)
    {
        var bytes = new List<byte>();
        void Add16(int number) => bytes.AddRange([(byte)number, (byte)(number >> 8)]);
        bytes.AddRange("SSPR"u8);
        Add16(version);
        Add16(11 + cluster.Length + name.Length);
        bytes.AddRange([Stranger, 0, 0, 0]);
        Add16(cluster.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(cluster));
        Add16(name.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(name));
        // No disk id, and no question.
        Add16(0);
        bytes.Add(0);
        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(sum, Crc32C.Compute(bytes.ToArray()));
        return [.. bytes, .. sum];
    }
}
