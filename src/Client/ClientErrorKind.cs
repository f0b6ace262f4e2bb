namespace ShardStore.Client;

/// <summary>Why a call did not end as asked.</summary>
public enum ClientErrorKind
{
    /// <summary>The deadline passed first.</summary>
    TimedOut,

    /// <summary>No connection could be made, or it broke, and the retries ran out.</summary>
    ConnectionFailed,

    /// <summary>The server answered with an error; its text is the message. The command did not run.</summary>
    Refused,

    /// <summary>The cluster said "not now" (no leader, loading, slots in motion) until the retries ran out.</summary>
    Unavailable,

    /// <summary>Too many redirects in a row: the nodes disagree on who holds the key.</summary>
    TooManyRedirects,

    /// <summary>A bound of this client was reached, see <see cref="ClientOptions"/>. Nothing was sent.</summary>
    Overloaded,

    /// <summary>The server answered with something that the command never answers, or with bytes that are not RESP.
    /// </summary>
    Protocol,

    /// <summary>The client was disposed.</summary>
    Disposed,
}
