using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ShardStore.Node.Hosting;
using ShardStore.Node.Tests.Admin;
using ShardStore.Node.Tests.Cli;
using ShardStore.Node.Tests.Commands;

namespace ShardStore.Node.Tests.Backup;

/// <summary>`ctl restore` into a node of this process, from a backup made by hand.</summary>
public sealed class RestoreTests : IAsyncLifetime
{
    private const long FarEndMs = 2_208_988_800_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly SampleStore _store = new();
    private NodeRuntime _node = null!;
    private int _port;

    private string Directory => Path.Combine(_store.Folder, "backup");

    public async Task InitializeAsync()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        var options = TestCluster.OptionsOf("n1", Path.Combine(_store.Folder, "n1")) with
        {
            Listen = new IPEndPoint(IPAddress.Loopback, _port),
            Announce = new HostPort("127.0.0.1", _port),
        };
        System.IO.Directory.CreateDirectory(options.Dir);
        _node = await NodeRuntime.StartAsync(options, new NodeEnvironment { Loggers = NullLoggerFactory.Instance });
        var started = Stopwatch.GetTimestamp();
        while (!_node.IsReady())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Deadline, "the node did not get ready in time");
            await Task.Delay(20);
        }
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _store.Dispose();
    }

    [Fact]
    public async Task Keys_whose_time_is_over_are_counted_and_not_written_others_keep_their_end()
    {
        _store.Put("over", [1], expireAtMs: 1_000_000_000_000);
        _store.Put("ends", [2, 0, 255], FarEndMs);
        _store.Put("stays", new byte[900_000]);
        _store.Store.Put(ShardStore.Storage.KeySpace.Session, "a lane"u8, [3], 0, 99 << 12);
        using (var source = _store.Checkpoint())
            await SampleBackup.WriteAsync(Directory, source);

        var run = await RestoreAsync("--verify", "--json");

        Assert.True(run.ExitCode == 0, run.Errors);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal((2, 1, 2), (Number(report, "keysWritten"), Number(report, "keysExpired"),
            Number(report, "keysReadBack")));
        using var client = await RespClient.ConnectAsync(_port);
        Assert.Equal(":2", client.Call("DBSIZE"));
        Assert.Equal($":{FarEndMs}", client.Call("PEXPIRETIME ends"));
        Assert.Equal(":900000", client.Call("STRLEN stays"));
        Assert.Equal(":-1", client.Call("PEXPIRETIME stays"));
    }

    [Fact]
    public async Task A_refused_write_ends_the_restore_and_says_why()
    {
        // More than one command may be.
        _store.Put("large", new byte[31 << 20]);
        using (var source = _store.Checkpoint())
            await SampleBackup.WriteAsync(Directory, source);
        var run = await RestoreAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("at most 31457280 are taken", run.Errors);
        Assert.Empty(System.IO.Directory.GetDirectories(_store.Folder, "shardstore-restore-*"));
    }

    private Task<CliRun> RestoreAsync(params string[] more) => CliRun.OfAsync(
    [
        "ctl", "--admin", $"http://{_node.Admin!.EndPoint}", "restore", "--from", Directory, "--temp", _store.Folder,
        .. more,
    ]);

    private static long Number(JsonDocument report, string name) => report.RootElement.GetProperty(name).GetInt64();
}
