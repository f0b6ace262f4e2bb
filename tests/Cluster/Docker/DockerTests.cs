using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace ShardStore.Cluster.Tests.Docker;

/// <summary>The image and the compose file, on a real engine. One story, since every step costs seconds.</summary>
public sealed class DockerTests(ComposeCluster cluster) : IClassFixture<ComposeCluster>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [DockerFact]
    public async Task A_compose_cluster_serves_the_host_survives_a_crash_and_stops_cleanly()
    {
        cluster.Build();
        cluster.Up();
        Assert.NotEqual("0", cluster.Docker("exec", cluster.Container(1), "id", "-u"));

        await SetAsync("city", "Bern");
        Assert.Equal("Bern", await GetAsync("city"));

        var id = cluster.Docker("inspect", "-f", "{{.State.Pid}}", cluster.Container(2));
        cluster.Docker("exec", "-u", "0", cluster.Container(2), "sh", "-c", "kill -9 -1");
        await UntilAsync(() => IsRunningAnew(2, id), "n2 is restarted after a crash");
        await UntilAsync(() => IsHealthy(2), "n2 is healthy again");
        Assert.Equal("Bern", await GetAsync("city"));

        cluster.Stop(3);
        Assert.Equal("0", cluster.Docker("inspect", "-f", "{{.State.ExitCode}}", cluster.Container(3)));
        Assert.Equal("Bern", await GetAsync("city"));
        cluster.Start(3);
        await UntilAsync(() => IsHealthy(3), "n3 comes back with its data");
    }

    private bool IsHealthy(int node) =>
        cluster.Docker("inspect", "-f", "{{.State.Health.Status}}", cluster.Container(node)) == "healthy";

    private bool IsRunningAnew(int node, string oldId)
    {
        var id = cluster.Docker("inspect", "-f", "{{.State.Pid}}", cluster.Container(node));
        return id != oldId && id != "0";
    }

    private async Task SetAsync(string key, string value)
    {
        var arguments = $"${key.Length}\r\n{key}\r\n${value.Length}\r\n{value}\r\n";
        Assert.Equal("OK", await CallAsync("*3\r\n$3\r\nSET\r\n" + arguments));
    }

    private Task<string> GetAsync(string key) => CallAsync($"*2\r\n$3\r\nGET\r\n${key.Length}\r\n{key}\r\n");

    /// <summary>Follows MOVED by hand, as a client on the host does: the announced address must work from here.
    /// </summary>
    private async Task<string> CallAsync(string request)
    {
        var (host, port) = ("127.0.0.1", cluster.Port(1));
        for (var hop = 0; hop < 5; hop++)
        {
            var reply = await AskAsync(host, port, request);
            if (!reply.StartsWith("-MOVED ", StringComparison.Ordinal))
                return reply.TrimStart('+').Split("\r\n") is [_, var bulk, ..] && reply[0] == '$'
                    ? bulk
                    : reply.TrimStart('+').TrimEnd();
            var target = reply.TrimEnd().Split(' ')[2];
            host = target[..target.LastIndexOf(':')];
            port = int.Parse(target[(target.LastIndexOf(':') + 1)..]);
        }
        throw new InvalidOperationException("five redirects and no answer");
    }

    private static async Task<string> AskAsync(string host, int port, string request)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, deadline.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), deadline.Token);
        var buffer = new byte[4096];
        var length = 0;
        // Replies here are one line, or "$length" and one line.
        while (!IsWhole(buffer.AsSpan(0, length)))
            length += await stream.ReadAsync(buffer.AsMemory(length), deadline.Token);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static bool IsWhole(ReadOnlySpan<byte> reply) =>
        reply.EndsWith("\r\n"u8) && (reply[0] != '$' || reply.Count("\r\n"u8) == 2 || reply.StartsWith("$-1"u8));

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(started.Elapsed < Deadline, $"not within {Deadline.TotalSeconds:0} s: {what}");
            await Task.Delay(200);
        }
    }
}
