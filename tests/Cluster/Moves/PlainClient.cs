using System.Globalization;
using System.Text;
using ShardStore.Cluster.Tests.Load;
using ShardStore.Node.Tests.Commands;

namespace ShardStore.Cluster.Tests.Moves;

/// <summary>A Redis client of the simplest kind: one connection, blocking, and MOVED is all it understands. Writes and
/// reads a shard's keys until it is stopped.</summary>
internal sealed class PlainClient
{
    private readonly string[] _keys;
    private readonly Task _running;
    private RespClient _connection;
    private volatile bool _stop;

    private PlainClient(RespClient connection, string[] keys)
    {
        _connection = connection;
        _keys = keys;
        _running = Task.Factory.StartNew(Run, TaskCreationOptions.LongRunning);
    }

    public int Calls { get; private set; }
    public int Redirects { get; private set; }

    /// <summary>Replies that were neither right nor MOVED.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<PlainClient> StartAsync(int port, int shard, int shards) => new(
        await RespClient.ConnectAsync(port), [.. CheckedLoad.KeysOf(shard - 1, shards, "plain-", 50)]);

    public async Task StopAsync()
    {
        _stop = true;
        await _running.WaitAsync(TimeSpan.FromSeconds(30));
        _connection.Dispose();
    }

    private void Run()
    {
        for (var i = 0; !_stop; i++)
        {
            var key = _keys[i % _keys.Length];
            var value = i.ToString(CultureInfo.InvariantCulture);
            Expect("+OK", "SET", key, value);
            Expect($"\"{value}\"", "GET", key);
        }
    }

    private void Expect(string expected, params string[] words)
    {
        var reply = Follow([.. words.Select(Encoding.ASCII.GetBytes)]);
        Calls++;
        if (reply != expected)
            Errors.Add($"{string.Join(' ', words)}: {reply}");
    }

    private string Follow(byte[][] command)
    {
        const int redirectsMax = 5;
        var reply = "";
        for (var redirect = 0; redirect <= redirectsMax; redirect++)
        {
            reply = _connection.Call(command);
            if (!reply.StartsWith("-MOVED ", StringComparison.Ordinal))
                break;
            Redirects++;
            _connection.Dispose();
            var port = int.Parse(reply[(reply.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
            _connection = RespClient.ConnectAsync(port).GetAwaiter().GetResult();
        }
        return reply;
    }
}
