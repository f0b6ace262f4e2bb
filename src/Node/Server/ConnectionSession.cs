using System.Net;
using ShardStore.Node.Commands;

namespace ShardStore.Node.Server;

/// <summary>What a connection remembers between commands. Touched by its reading loop only, but for the few fields
/// that CLIENT LIST and pushes read from elsewhere.</summary>
public sealed class ConnectionSession
{
    private readonly RespConnection _connection;
    private readonly WritesInFlight _writes = new();

    internal ConnectionSession(
        ServerState server, RespConnection connection, long id, EndPoint? remote, EndPoint? local)
    {
        Server = server;
        _connection = connection;
        Id = id;
        Remote = remote?.ToString() ?? "?:0";
        Local = local?.ToString() ?? "?:0";
        IsAuthenticated = server.Options.Password == null;
        LastUsedMicros = CreatedMicros = ServerState.NowMicros();
    }

    public ServerState Server { get; }
    public long Id { get; }
    public string Remote { get; }
    public string Local { get; }
    public long CreatedMicros { get; }
    public long LastUsedMicros { get; set; }
    public string LastCommand { get; set; } = "NULL";

    /// <summary>RESP version that replies are written in.</summary>
    public int Protocol { get; set; } = 2;

    public string Name { get; set; } = "";
    public string LibraryName { get; set; } = "";
    public string LibraryVersion { get; set; } = "";
    public bool IsAuthenticated { get; set; }

    /// <summary>READONLY was given.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>ASKING was given; counts for the next command.</summary>
    public bool IsAsking { get; set; }

    /// <summary>CLIENT NO-EVICT and NO-TOUCH are remembered for CLIENT LIST only: nothing is evicted here.</summary>
    public bool IsNoEvict { get; set; }
    public bool IsNoTouch { get; set; }

    /// <summary>The client understands SMIGRATING and SMIGRATED pushes.</summary>
    public bool WantsMaintenance { get; set; }

    public ReplyMode ReplyMode { get; set; }

    /// <summary>Nothing is read after the command that set it.</summary>
    public volatile bool IsClosing;

    public TransactionState Transaction { get; } = new();

    /// <summary>Hands a request to the router, in order behind what this connection has under way.</summary>
    public void Submit(ClientRequest request)
    {
        request.ReadOnlyConnection = IsReadOnly;
        request.Follow(_writes);
        Server.Router.Submit(request);
    }

    public SortedSet<string> Channels { get; } = new(StringComparer.Ordinal);
    public SortedSet<string> Patterns { get; } = new(StringComparer.Ordinal);
    public SortedSet<string> ShardChannels { get; } = new(StringComparer.Ordinal);

    public int SubscriptionCount => Channels.Count + Patterns.Count + ShardChannels.Count;

    /// <summary>Ends the connection without waiting for replies (CLIENT KILL).</summary>
    public void Kill() => _connection.Abort();

    /// <summary>Back to what a new connection is (RESET).</summary>
    public void Reset()
    {
        Protocol = 2;
        Name = "";
        IsAuthenticated = Server.Options.Password == null;
        IsReadOnly = IsAsking = IsNoEvict = IsNoTouch = WantsMaintenance = false;
        ReplyMode = ReplyMode.On;
        Transaction.Discard();
        Channels.Clear();
        Patterns.Clear();
        ShardChannels.Clear();
    }
}
