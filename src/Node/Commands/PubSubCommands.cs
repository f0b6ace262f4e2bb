using System.Text;
using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Subscriptions are acknowledged and stay silent: clients subscribe to internal channels when they connect,
/// and nothing is ever published here.</summary>
internal static class PubSubCommands
{
    private const CommandFlags Flags =
        CommandFlags.PubSub | CommandFlags.NoScript | CommandFlags.Loading | CommandFlags.Stale | CommandFlags.NoMulti;

    public static CommandSpec[] All =>
    [
        Row("subscribe", -2, static session => session.Channels, Subscribe),
        Row("psubscribe", -2, static session => session.Patterns, Subscribe),
        Row("ssubscribe", -2, static session => session.ShardChannels, Subscribe),
        Row("unsubscribe", -1, static session => session.Channels, Unsubscribe),
        Row("punsubscribe", -1, static session => session.Patterns, Unsubscribe),
        Row("sunsubscribe", -1, static session => session.ShardChannels, Unsubscribe),
    ];

    private delegate void Change(ConnectionSession session, ClientRequest request, SortedSet<string> channels);

    private static CommandSpec Row(
        string name, int arity, Func<ConnectionSession, SortedSet<string>> channelsOf, Change change) =>
        ConnectionCommands.Row(name, arity, Flags, (session, request) =>
        {
            change(session, request, channelsOf(session));
            request.Complete();
        }, "Acknowledged; nothing is published here") with
        { Group = "pubsub" };

    private static void Subscribe(ConnectionSession session, ClientRequest request, SortedSet<string> channels)
    {
        for (var i = 1; i < request.Arguments.Count; i++)
        {
            channels.Add(Encoding.Latin1.GetString(request.Arguments[i]));
            Acknowledge(session, request, channels, request.Arguments[i].ToArray());
        }
    }

    private static void Unsubscribe(ConnectionSession session, ClientRequest request, SortedSet<string> channels)
    {
        var named = new List<byte[]>();
        for (var i = 1; i < request.Arguments.Count; i++)
            named.Add(request.Arguments[i].ToArray());
        if (named.Count == 0)
            named.AddRange(channels.Select(Encoding.Latin1.GetBytes));
        foreach (var channel in named)
        {
            channels.Remove(Encoding.Latin1.GetString(channel));
            Acknowledge(session, request, channels, channel);
        }
        if (named.Count == 0)
            Acknowledge(session, request, channels, null);
    }

    private static void Acknowledge(
        ConnectionSession session, ClientRequest request, SortedSet<string> channels, byte[]? channel)
    {
        var isShard = channels == session.ShardChannels;
        request.Reply.WritePushHeader(3);
        request.Reply.WriteBulk(request.Spec.Name);
        if (channel == null)
            request.Reply.WriteNull();
        else
            request.Reply.WriteBulk(channel);
        request.Reply.WriteInteger(isShard ? channels.Count : session.Channels.Count + session.Patterns.Count);
    }
}
