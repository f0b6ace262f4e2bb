namespace ShardStore.Client;

/// <summary>A call that did not end as asked. The message names the command, the node and, for a time-out, what the
/// connection was busy with.</summary>
public sealed class ClientException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="message">The full story, for a person.</param>
    /// <param name="mayHaveRun">True when the command may have taken effect.</param>
    /// <param name="inner">What broke underneath, if something did.</param>
    public ClientException(ClientErrorKind kind, string message, bool mayHaveRun, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        MayHaveRun = mayHaveRun;
    }

    /// <summary>Why.</summary>
    public ClientErrorKind Kind { get; }

    /// <summary>True when the command may have taken effect, or may yet: it was handed to a connection and no answer
    /// came. False means that it surely did not and will not.</summary>
    public bool MayHaveRun { get; }

    /// <summary>The node last tried, when there was one.</summary>
    public NodeAddress? Node { get; init; }
}
