using System.Globalization;
using System.Text;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>CLIENT: what connections are called and how they want to be treated.</summary>
internal static class ClientCommands
{
    public const string BadName = "ERR Client names cannot contain spaces, newlines or special characters.";

    private const CommandFlags Flags = CommandFlags.NoScript | CommandFlags.Loading | CommandFlags.Stale;

    public static CommandSpec[] All =>
    [
        Row("client", -2, static (_, request) => request.Fail(RespErrorText.WrongArity("client"))) with
        {
            Summary = "Manage connections",
            Subcommands =
            [
                Row("client|id", 2, Id),
                Row("client|getname", 2, GetName),
                Row("client|setname", 3, SetName),
                Row("client|setinfo", 4, SetInfo),
                Row("client|info", 2, Info),
                Row("client|list", -2, List),
                Row("client|kill", -3, ClientKill.Run),
                Row("client|no-evict", 3, static (session, request) =>
                    SetSwitch(request, value => session.IsNoEvict = value)),
                Row("client|no-touch", 3, static (session, request) =>
                    SetSwitch(request, value => session.IsNoTouch = value)),
                Row("client|reply", 3, Reply),
                Row("client|maint_notifications", -3, Maintenance),
                HelpText.Row("client", "GETNAME", "ID", "INFO", "KILL <option> ...", "LIST [options ...]",
                    "NO-EVICT (ON|OFF)", "NO-TOUCH (ON|OFF)", "REPLY (ON|OFF|SKIP)", "SETINFO <option> <value>",
                    "SETNAME <name>", "MAINT_NOTIFICATIONS (ON|OFF)"),
            ],
        },
    ];

    /// <summary>Names may hold what prints and is no blank.</summary>
    public static bool TryName(ReadOnlySpan<byte> bytes, out string name)
    {
        name = "";
        if (bytes.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            return false;
        name = Encoding.ASCII.GetString(bytes);
        return true;
    }

    internal static string Describe(ConnectionSession session)
    {
        var now = ServerState.NowMicros();
        var flags = (session.SubscriptionCount > 0 ? "P" : "") + (session.Transaction.IsOpen ? "x" : "")
            + (session.IsReadOnly ? "r" : "") + (session.IsNoEvict ? "e" : "") + (session.IsNoTouch ? "T" : "");
        var queued = session.Transaction.IsOpen ? session.Transaction.Queue.Count : -1;
        return string.Create(CultureInfo.InvariantCulture,
            $"id={session.Id} addr={session.Remote} laddr={session.Local} fd={session.Id} name={session.Name} "
            + $"age={(now - session.CreatedMicros) / 1_000_000} idle={(now - session.LastUsedMicros) / 1_000_000} "
            + $"flags={(flags.Length == 0 ? "N" : flags)} db=0 sub={session.Channels.Count} "
            + $"psub={session.Patterns.Count} ssub={session.ShardChannels.Count} multi={queued} qbuf=0 qbuf-free=0 "
            + $"argv-mem=0 multi-mem=0 rbs=1024 rbp=0 obl=0 oll=0 omem=0 tot-mem=0 events=r "
            + $"cmd={session.LastCommand} user=default redir=-1 resp={session.Protocol} "
            + $"lib-name={session.LibraryName} lib-ver={session.LibraryVersion}\n");
    }

    private static CommandSpec Row(string name, int arity, ConnectionHandler handler) =>
        ConnectionCommands.Row(name, arity, Flags, handler, "");

    private static void Id(ConnectionSession session, ClientRequest request)
    {
        request.Reply.WriteInteger(session.Id);
        request.Complete();
    }

    private static void GetName(ConnectionSession session, ClientRequest request)
    {
        if (session.Name.Length == 0)
            request.Reply.WriteNull();
        else
            request.Reply.WriteBulk(session.Name);
        request.Complete();
    }

    private static void SetName(ConnectionSession session, ClientRequest request)
    {
        if (!TryName(request.Arguments[2], out var name))
        {
            request.Fail(BadName);
            return;
        }
        session.Name = name;
        ConnectionCommands.Ok(request);
    }

    private static void SetInfo(ConnectionSession session, ClientRequest request)
    {
        var option = request.Arguments[2];
        if (!TryName(request.Arguments[3], out var value))
        {
            request.Fail($"ERR {RespErrorText.Show(option)} cannot contain spaces, newlines or special characters.");
            return;
        }
        if (Words.Is(option, "LIB-NAME"u8))
            session.LibraryName = value;
        else if (Words.Is(option, "LIB-VER"u8))
            session.LibraryVersion = value;
        else
        {
            request.Fail($"ERR Unrecognized option '{RespErrorText.Show(option)}'");
            return;
        }
        ConnectionCommands.Ok(request);
    }

    private static void Info(ConnectionSession session, ClientRequest request)
    {
        request.Reply.WriteVerbatim(Describe(session));
        request.Complete();
    }

    private static void List(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments;
        var ids = new HashSet<long>();
        var isById = arguments.Count > 3 && Words.Is(arguments[2], "ID"u8);
        for (var i = 3; isById && i < arguments.Count; i++)
        {
            if (!Words.TryInteger(arguments[i], out var id) || id <= 0)
            {
                request.Fail("ERR Invalid client ID");
                return;
            }
            ids.Add(id);
        }
        var isByType = arguments.Count == 4 && Words.Is(arguments[2], "TYPE"u8);
        if (arguments.Count > 2 && !isById && !isByType)
        {
            request.Fail(RespErrorText.Syntax);
            return;
        }
        var isOtherType = isByType && !Words.Is(arguments[3], "normal"u8);
        var text = new StringBuilder();
        foreach (var connection in session.Server.Connections.Open)
        {
            if (!isOtherType && (!isById || ids.Contains(connection.Session.Id)))
                text.Append(Describe(connection.Session));
        }
        request.Reply.WriteVerbatim(text.ToString());
        request.Complete();
    }

    private static void SetSwitch(ClientRequest request, Action<bool> set)
    {
        var word = request.Arguments[2];
        if (!Words.Is(word, "ON"u8) && !Words.Is(word, "OFF"u8))
        {
            request.Fail(RespErrorText.Syntax);
            return;
        }
        set(Words.Is(word, "ON"u8));
        ConnectionCommands.Ok(request);
    }

    private static void Reply(ConnectionSession session, ClientRequest request)
    {
        var word = request.Arguments[2];
        if (Words.Is(word, "ON"u8))
        {
            session.ReplyMode = ReplyMode.On;
            request.IsSilent = false;
            ConnectionCommands.Ok(request);
            return;
        }
        if (!Words.Is(word, "OFF"u8) && !Words.Is(word, "SKIP"u8))
        {
            request.Fail(RespErrorText.Syntax);
            return;
        }
        if (session.ReplyMode != ReplyMode.Off)
            session.ReplyMode = Words.Is(word, "OFF"u8) ? ReplyMode.Off : ReplyMode.SkipNext;
        request.IsSilent = true;
        request.Complete();
    }

    /// <summary>Pushes need RESP3; in RESP2 the error tells clients to go on without.</summary>
    private static void Maintenance(ConnectionSession session, ClientRequest request)
    {
        var isOn = Words.Is(request.Arguments[2], "ON"u8);
        if (!isOn && !Words.Is(request.Arguments[2], "OFF"u8))
        {
            request.Fail(RespErrorText.Syntax);
            return;
        }
        if (isOn && session.Protocol < 3)
        {
            request.Fail("ERR MAINT_NOTIFICATIONS needs RESP3: send HELLO 3 first");
            return;
        }
        session.WantsMaintenance = isOn;
        ConnectionCommands.Ok(request);
    }
}
