using System.Text;

namespace ShardStore.Raft.Tests;

/// <summary>How scripts show messages, entries and configurations.</summary>
internal static class MessageText
{
    public static string Of(in Message message)
    {
        var text = new StringBuilder($"{message.From}->{message.To} {message.Type} t{message.Term}");
        switch (message.Type)
        {
            case MessageType.Append:
                text.Append($" after {message.LogTerm}/{message.Index} commit {message.Commit}");
                text.Append(message.Entries is null ? "" : " " + Of(message.Entries));
                break;
            case MessageType.AppendReply:
                text.Append(message.Reject ? $" reject {message.Index} hint {message.LogTerm}/{message.RejectHint}"
                    : $" ok {message.Index}");
                break;
            case MessageType.PreVote or MessageType.Vote:
                text.Append($" last {message.LogTerm}/{message.Index}{(message.Force ? " force" : "")}");
                break;
            case MessageType.PreVoteReply or MessageType.VoteReply:
                text.Append(message.Reject ? " no" : " yes");
                break;
            case MessageType.Heartbeat:
                text.Append($" commit {message.Commit} round {message.Context}{(message.Force ? " sleep" : "")}");
                break;
            case MessageType.HeartbeatReply:
                text.Append($" round {message.Context}");
                break;
            case MessageType.ReadIndexReply:
                text.Append(message.Reject ? " refused" : $" at {message.Index}");
                break;
            default:
                break;
        }

        return text.ToString();
    }

    public static string Of(IEnumerable<LogEntry> entries) => "[" + string.Join(" ", entries.Select(Of)) + "]";

    public static string Of(LogEntry entry) => entry.Kind switch
    {
        EntryKind.Command => $"{entry.Term}/{entry.Index}:{Encoding.UTF8.GetString(entry.Payload.Span)}",
        EntryKind.Empty => $"{entry.Term}/{entry.Index}",
        _ => $"{entry.Term}/{entry.Index}:{Change(entry)}",
    };

    public static string Of(Configuration configuration)
    {
        string text = "voters " + Ids(configuration.Voters);
        text += configuration.IsJoint ? " outgoing " + Ids(configuration.VotersOutgoing) : "";
        text += configuration.Learners.IsEmpty ? "" : " learners " + Ids(configuration.Learners);
        return text + (configuration.LearnersNext.IsEmpty ? "" : " next " + Ids(configuration.LearnersNext));
    }

    private static string Ids(IEnumerable<ReplicaId> ids) => "(" + string.Join(" ", ids) + ")";

    private static string Change(LogEntry entry)
    {
        Assert.Null(MembershipChangeCodec.TryDecode(entry.Payload.Span, out MembershipChange change));
        IEnumerable<string> steps = change.Steps.Select(step => step.Kind switch
        {
            MembershipStepKind.AddVoter => "+" + step.Replica,
            MembershipStepKind.AddLearner => "~" + step.Replica,
            _ => "-" + step.Replica,
        });
        return change.Steps.IsEmpty ? "leave-joint" : string.Join(",", steps);
    }
}
