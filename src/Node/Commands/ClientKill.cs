using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>CLIENT KILL, in its old form (address) and with filters (ID, ADDR, LADDR, SKIPME).</summary>
internal static class ClientKill
{
    public static void Run(ConnectionSession session, ClientRequest request)
    {
        var arguments = request.Arguments.List;
        var isOldForm = arguments.Count == 3;
        var filter = new Filter { Address = isOldForm ? RespErrorText.Show(arguments[2]) : null, SkipsMe = !isOldForm };
        var error = isOldForm ? null : filter.TryParse(arguments);
        if (error != null)
        {
            request.Fail(error);
            return;
        }
        var killed = 0;
        var killsMe = false;
        foreach (var connection in session.Server.Connections.Open)
        {
            if (!filter.Matches(connection.Session) || (filter.SkipsMe && connection.Session == session))
                continue;
            killed++;
            if (connection.Session == session)
                killsMe = true;
            else
                connection.Abort();
        }
        session.IsClosing |= killsMe;
        request.ClosesConnection = killsMe;
        if (!isOldForm)
            request.Reply.WriteInteger(killed);
        else if (killed == 0)
            request.Reply.WriteError("ERR No such client");
        else
            request.Reply.WriteOk();
        request.Complete();
    }

    private sealed class Filter
    {
        public string? Address { get; init; }
        public bool SkipsMe { get; set; }
        private long _id;
        private string? _address;
        private string? _localAddress;

        public string? TryParse(ArgumentList arguments)
        {
            for (var i = 2; i < arguments.Count; i += 2)
            {
                if (i + 1 == arguments.Count)
                    return RespErrorText.Syntax;
                var value = arguments[i + 1];
                if (Words.Is(arguments[i], "ID"u8))
                {
                    if (!Words.TryInteger(value, out _id) || _id < 1)
                        return "ERR client-id should be greater than 0";
                }
                else if (Words.Is(arguments[i], "ADDR"u8))
                    _address = RespErrorText.Show(value);
                else if (Words.Is(arguments[i], "LADDR"u8))
                    _localAddress = RespErrorText.Show(value);
                else if (Words.Is(arguments[i], "SKIPME"u8) && (Words.Is(value, "YES"u8) || Words.Is(value, "NO"u8)))
                    SkipsMe = Words.Is(value, "YES"u8);
                else
                    return RespErrorText.Syntax;
            }
            return null;
        }

        public bool Matches(ConnectionSession session) =>
            (Address == null || session.Remote == Address)
            && (_id == 0 || session.Id == _id)
            && (_address == null || session.Remote == _address)
            && (_localAddress == null || session.Local == _localAddress);
    }
}
