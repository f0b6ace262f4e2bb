using System.Net;
using System.Net.Sockets;
using ShardStore.Cluster.Tests.Support;

namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>What a node finds wrong where it is to run: code 1, one line that names it, and nothing is changed.
/// </summary>
[Collection(OneNodeCollection.Name)]
public sealed class StartTests(OneNode running)
{
    [Theory]
    [InlineData("--listen")]
    [InlineData("--peer-listen")]
    [InlineData("--admin-listen")]
    public async Task A_port_that_a_running_node_has_is_named(string option)
    {
        using var trial = new NodeTrial();
        var cluster = running.Cluster;
        var port = option switch
        {
            "--listen" => cluster.Ports[0],
            "--peer-listen" => cluster.PeerPorts[0],
            _ => cluster.AdminPorts[0],
        };
        var refused = await trial.RunAsync(option, NodeTrial.At(port));
        refused.AssertRefused(1, "n1", $"cannot listen on {NodeTrial.At(port)} ({option})", "already in use");
        await running.AssertServesAsync();
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_named()
    {
        using var trial = new NodeTrial();
        using var taken = new TcpListener(IPAddress.Loopback, trial.ClientPort);
        taken.Start();
        var dev = await NodeProcess.RunAsync("dev", "--nodes", "1", "--replicas", "1", "--dir", trial.Root,
            "--port", NodeTrial.Text(trial.ClientPort), "--admin-port", NodeTrial.Text(trial.AdminPort));
        new ToolResult(dev.ExitCode, dev.Output, dev.Errors).AssertRefused(
            1, $"cannot listen on {NodeTrial.At(trial.ClientPort)}", "already in use");
    }

    [Fact]
    public async Task A_directory_that_a_running_node_has_is_named()
    {
        using var trial = new NodeTrial();
        var directory = running.Cluster.DirOf(0);
        (await trial.RunAsync("--dir", directory)).AssertRefused(1, directory, "another process uses it");
        await running.AssertServesAsync();
    }

    [Theory]
    [InlineData("below a file", "file/below")]
    [InlineData("a file", "file")]
    [InlineData("where nothing can be made", "/proc/shardstore")]
    public async Task A_directory_that_cannot_be_written_is_named(string what, string path)
    {
        using var trial = new NodeTrial();
        await File.WriteAllTextAsync(Path.Combine(trial.Root, "file"), what);
        var directory = Path.Combine(trial.Root, path);
        var before = DirectoryState.Of(trial.Root);
        (await trial.RunAsync("--dir", directory)).AssertRefused(1, $"data directory {directory}: cannot be made");
        Assert.Equal(before, DirectoryState.Of(trial.Root));
    }

    [Fact]
    public async Task A_directory_without_the_right_to_write_is_named()
    {
        using var trial = new NodeTrial();
        Directory.CreateDirectory(trial.Dir);
        // Root may write everywhere, but not make files in /proc.
        var directory = Environment.IsPrivilegedProcess ? "/proc/sys/kernel" : trial.Dir;
        if (directory == trial.Dir)
            (await ToolProcess.RunAsync("chmod", "a-w", trial.Dir)).Checked();
        var refused = await trial.RunAsync("--dir", directory);
        refused.AssertRefused(1, $"data directory {directory}: ");
    }

    [Fact]
    public async Task A_directory_with_files_of_somebody_else_is_left_alone()
    {
        using var trial = new NodeTrial();
        Directory.CreateDirectory(Path.Combine(trial.Dir, "shards", "of-somebody-else"));
        await File.WriteAllTextAsync(Path.Combine(trial.Dir, "shards", "of-somebody-else", "precious"), "data");
        var before = DirectoryState.Of(trial.Root);
        (await trial.RunAsync()).AssertRefused(1, $"data directory {trial.Dir}: holds 'shards'", "'identity'");
        Assert.Equal(before, DirectoryState.Of(trial.Root));
        await File.WriteAllTextAsync(Path.Combine(trial.Dir, "identity"), "name: somebody else\n");
        before = DirectoryState.Of(trial.Root);
        (await trial.RunAsync()).AssertRefused(1, Path.Combine(trial.Dir, "identity"), "a node identity's head");
        Assert.Equal(before, DirectoryState.Of(trial.Root));
    }
}
