using ShardStore.Node.Transport;
using ShardStore.Raft;

namespace ShardStore.Node.Tests.Transport;

/// <summary>Messages drawn from a seed, and a text of one to compare by.</summary>
internal static class TestMessages
{
    public static GroupMessage Draw(Random random) => new((ulong)random.Next(100), new Message
    {
        Type = (MessageType)random.Next(1, 12),
        From = new ReplicaId(Number(random)),
        To = new ReplicaId(Number(random)),
        Term = new Term(Number(random)),
        Index = new LogIndex(Number(random)),
        LogTerm = new Term(Number(random)),
        Commit = new LogIndex(Number(random)),
        RejectHint = new LogIndex(Number(random)),
        Context = Number(random),
        SentAt = random.NextInt64(),
        Reject = random.Next(2) == 0,
        Force = random.Next(2) == 0,
        Entries = random.Next(2) == 0 ? null : Entries(random, random.Next(1, 6)),
    });

    public static LogEntry[] Entries(Random random, int count)
    {
        var entries = new LogEntry[count];
        for (var i = 0; i < count; i++)
        {
            var payload = new byte[random.Next(200)];
            random.NextBytes(payload);
            entries[i] = new LogEntry(
                new LogIndex(Number(random)), new Term(Number(random)), (EntryKind)random.Next(1, 4), payload);
        }
        return entries;
    }

    public static string Describe(GroupMessage message)
    {
        var entries = message.Message.Entries?.Select(entry =>
            $"{entry.Index}/{entry.Term}/{entry.Kind}/{Convert.ToHexString(entry.Payload.Span)}") ?? [];
        return $"{message.Group} {message.Message with { Entries = null }} [{string.Join(' ', entries)}]";
    }

    public static Message Heartbeat(ulong context) =>
        new() { Type = MessageType.Heartbeat, Term = new Term(1), Context = context };

    private static ulong Number(Random random) => random.Next(3) == 0 ? 0 : (ulong)random.NextInt64();
}
