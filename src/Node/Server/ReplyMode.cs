namespace ShardStore.Node.Server;

/// <summary>CLIENT REPLY: whether a client wants to hear from us.</summary>
public enum ReplyMode
{
    On,
    Off,
    /// <summary>The next command goes unanswered.</summary>
    SkipNext,
}
