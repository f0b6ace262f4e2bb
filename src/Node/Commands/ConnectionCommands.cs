using System.Security.Cryptography;
using System.Text;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Greeting, login and modes of a connection.</summary>
internal static class ConnectionCommands
{
    /// <summary>What we claim to speak: clients choose features by it.</summary>
    public const string RedisVersion = "7.0.15";

    private const CommandFlags Open = CommandFlags.Loading | CommandFlags.Stale | CommandFlags.Fast
        | CommandFlags.NoScript;
    private const CommandFlags BeforeLogin = Open | CommandFlags.NoAuthentication;

    public static CommandSpec[] All =>
    [
        Row("ping", -1, CommandFlags.Fast, Ping, "Ping the server"),
        Row("echo", 2, CommandFlags.Loading | CommandFlags.Stale | CommandFlags.Fast, Echo, "Echo the given string"),
        Row("hello", -1, BeforeLogin, Hello, "Handshake: protocol, login, name"),
        Row("auth", -2, BeforeLogin, Auth, "Log in"),
        Row("select", 2, CommandFlags.Loading | CommandFlags.Stale | CommandFlags.Fast, Select, "Select database 0"),
        Row("quit", -1, BeforeLogin | CommandFlags.NotQueued, Quit, "Close the connection"),
        Row("reset", 1, BeforeLogin | CommandFlags.NotQueued, Reset, "Reset the connection"),
        Row("readonly", 1, CommandFlags.Loading | CommandFlags.Stale | CommandFlags.Fast,
            static (session, request) => SetReadOnly(session, request, true), "Allow reads from replicas"),
        Row("readwrite", 1, CommandFlags.Loading | CommandFlags.Stale | CommandFlags.Fast,
            static (session, request) => SetReadOnly(session, request, false), "Read from leaders only"),
        Row("asking", 1, CommandFlags.Fast, Asking, "Announce a redirection by ASK"),
    ];

    internal static CommandSpec Row(
        string name, int arity, CommandFlags flags, ConnectionHandler handler, string summary) =>
        new()
        {
            Name = name,
            Arity = arity,
            Group = "connection",
            Flags = flags,
            Scope = CommandScope.Connection,
            OnConnection = handler,
            Summary = summary,
        };

    internal static void Ok(ClientRequest request)
    {
        request.Reply.WriteOk();
        request.Complete();
    }

    private static void Ping(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments;
        if (arguments.Count > 2)
        {
            request.Fail(RespErrorText.WrongArity("ping"));
            return;
        }
        if (session.SubscriptionCount > 0 && session.Protocol == 2)
        {
            request.Reply.WriteArrayHeader(2);
            request.Reply.WriteBulk("pong"u8);
            request.Reply.WriteBulk(arguments.Count == 2 ? arguments[1] : []);
        }
        else if (arguments.Count == 2)
        {
            request.Reply.WriteBulk(arguments[1]);
        }
        else
        {
            request.Reply.WriteRaw("+PONG\r\n"u8);
        }
        request.Complete();
    }

    private static void Echo(ConnectionSession session, ClientRequest request)
    {
        request.Reply.WriteBulk(request.Arguments[1]);
        request.Complete();
    }

    private static void Select(ConnectionSession session, ClientRequest request)
    {
        if (!Words.TryInteger(request.Arguments[1], out var number))
            request.Fail(RespErrorText.NotAnInteger);
        else if (number != 0)
            request.Fail(RespErrorText.SelectRefused);
        else
            Ok(request);
    }

    private static void Quit(ConnectionSession session, ClientRequest request)
    {
        session.IsClosing = true;
        request.ClosesConnection = true;
        Ok(request);
    }

    private static void Reset(ConnectionSession session, ClientRequest request)
    {
        session.Reset();
        request.IsSilent = false;
        request.Reply.Protocol = session.Protocol;
        request.Reply.WriteSimple("RESET");
        request.Complete();
    }

    private static void SetReadOnly(ConnectionSession session, ClientRequest request, bool value)
    {
        session.IsReadOnly = value;
        Ok(request);
    }

    private static void Asking(ConnectionSession session, ClientRequest request)
    {
        session.IsAsking = true;
        Ok(request);
    }

    private static void Auth(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments;
        if (arguments.Count > 3)
            request.Fail(RespErrorText.Syntax);
        else if (arguments.Count == 2 && session.Server.Options.Password == null)
            request.Fail(RespErrorText.NoPasswordSet);
        else if (!IsLogin(session, arguments.Count == 3 ? arguments[1] : "default"u8, arguments[arguments.Count - 1]))
            request.Fail(RespErrorText.WrongPassword);
        else
        {
            session.IsAuthenticated = true;
            Ok(request);
        }
    }

    /// <summary>Compares hashes, so that neither the length nor the first difference shows in the time taken.
    /// </summary>
    private static bool IsLogin(ConnectionSession session, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        var isDefault = user.SequenceEqual("default"u8);
        if (session.Server.Options.Password is not { } expected)
            return isDefault;
        var isSame = CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(password), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));
        return isDefault && isSame;
    }

    /// <summary>HELLO [version [AUTH user password] [SETNAME name]]: takes effect as a whole or not at all.</summary>
    private static void Hello(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments.List;
        var protocol = (long)session.Protocol;
        if (arguments.Count > 1 && !Words.TryInteger(arguments[1], out protocol))
        {
            request.Fail(RespErrorText.NotAProtocol);
            return;
        }
        if (protocol is not (2 or 3))
        {
            request.Fail(RespErrorText.NoProtocol);
            return;
        }
        var error = TryHelloOptions(session, arguments, out var isLogin, out var name);
        if (error != null)
        {
            request.Fail(error);
            return;
        }
        session.IsAuthenticated |= isLogin;
        session.Name = name ?? session.Name;
        session.Protocol = (int)protocol;
        request.Reply.Protocol = (int)protocol;
        WriteHello(session, request.Reply);
        request.Complete();
    }

    private static string? TryHelloOptions(
        ConnectionSession session, ArgumentList arguments, out bool isLogin, out string? name)
    {
        isLogin = false;
        name = null;
        for (var i = 2; i < arguments.Count; i++)
        {
            if (Words.Is(arguments[i], "AUTH"u8) && i + 2 < arguments.Count)
            {
                if (!IsLogin(session, arguments[i + 1], arguments[i + 2]))
                    return RespErrorText.WrongPassword;
                isLogin = true;
                i += 2;
            }
            else if (Words.Is(arguments[i], "SETNAME"u8) && i + 1 < arguments.Count)
            {
                if (!ClientCommands.TryName(arguments[++i], out name))
                    return ClientCommands.BadName;
            }
            else
            {
                return $"ERR Syntax error in HELLO option '{RespErrorText.Show(arguments[i])}'";
            }
        }
        return session.IsAuthenticated || isLogin ? null
            : "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH "
            + "<user> <pass> option can be used to authenticate the client and select the RESP protocol version at "
            + "the same time";
    }

    private static void WriteHello(ConnectionSession session, RespWriter reply)
    {
        reply.WriteMapHeader(7);
        reply.WriteBulk("server"u8);
        reply.WriteBulk("redis"u8);
        reply.WriteBulk("version"u8);
        reply.WriteBulk(RedisVersion);
        reply.WriteBulk("proto"u8);
        reply.WriteInteger(session.Protocol);
        reply.WriteBulk("id"u8);
        reply.WriteInteger(session.Id);
        reply.WriteBulk("mode"u8);
        reply.WriteBulk("cluster"u8);
        reply.WriteBulk("role"u8);
        reply.WriteBulk("master"u8);
        reply.WriteBulk("modules"u8);
        reply.WriteArrayHeader(0);
    }
}
