namespace ShardStore.Resp;

/// <summary>Every fixed error line we send, without the leading '-'. Clients and test suites match these words, so
/// those that Redis has are Redis' own.</summary>
public static class RespErrorText
{
    public const string Syntax = "ERR syntax error";
    public const string NotAnInteger = "ERR value is not an integer or out of range";
    public const string NotAFloat = "ERR value is not a valid float";
    public const string Overflow = "ERR increment or decrement would overflow";
    public const string DecrementOverflow = "ERR decrement would overflow";
    public const string NotFinite = "ERR increment would produce NaN or Infinity";
    public const string OffsetOutOfRange = "ERR offset is out of range";
    public const string StringTooLong = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
    public const string CrossSlot = "CROSSSLOT Keys in request don't hash to the same slot";
    public const string SlotNotServed = "CLUSTERDOWN Hash slot not served";
    public const string NoAuthentication = "NOAUTH Authentication required.";
    public const string WrongPassword = "WRONGPASS invalid username-password pair or user is disabled.";
    public const string NoPasswordSet =
        "ERR AUTH <password> called without any password configured for the default user. "
        + "Are you sure your configuration is correct?";
    public const string ExecAborted = "EXECABORT Transaction discarded because of previous errors.";
    public const string ExecWithoutMulti = "ERR EXEC without MULTI";
    public const string DiscardWithoutMulti = "ERR DISCARD without MULTI";
    public const string NestedMulti = "ERR MULTI calls can not be nested";
    public const string WatchInsideMulti = "ERR WATCH inside MULTI is not allowed";
    public const string SelectRefused = "ERR SELECT is not allowed in cluster mode";
    public const string DbIndexOutOfRange = "ERR DB index is out of range";
    public const string NoProtocol = "NOPROTO unsupported protocol version";
    public const string NotAProtocol = "ERR Protocol version is not an integer or out of range";
    public const string InvalidCursor = "ERR invalid cursor";
    public const string NoSuchKey = "ERR no such key";
    public const string MaxClients = "ERR max number of clients reached";
    public const string Stopping = "ERR this node is stopping; connect to another one";
    public const string DebugRefused =
        "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you can run it from "
        + "a local connection, otherwise you need to set this option in the configuration file, and then restart "
        + "the server.";

    public static string ExecAbortedBy(string error) =>
        "EXECABORT Transaction discarded because of: " + error[(error.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    public static string WrongArity(string name) => $"ERR wrong number of arguments for '{name}' command";

    public static string InvalidExpire(string name) => $"ERR invalid expire time in '{name}' command";

    public static string UnknownSubcommand(string subcommand, string container) =>
        $"ERR unknown subcommand '{subcommand}'. Try {container} HELP.";

    public static string Moved(int slot, string host, int port) => $"MOVED {slot} {host}:{port}";

    /// <summary>Names the command and the start of its arguments, cut at 128 characters like Redis does.</summary>
    public static string UnknownCommand(ArgumentList arguments)
    {
        const int shownMax = 128;
        var shown = new System.Text.StringBuilder();
        for (var i = 1; i < arguments.Count && shown.Length < shownMax; i++)
        {
            var room = shownMax - shown.Length;
            shown.Append('\'').Append(Show(arguments[i], room)).Append("' ");
        }
        return $"ERR unknown command '{Show(arguments[0], shownMax)}', with args beginning with: {shown}";
    }

    public static string Show(ReadOnlySpan<byte> bytes, int charactersMax = 128) =>
        System.Text.Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, charactersMax)]);
}
