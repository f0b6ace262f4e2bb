namespace ShardStore.Node.Commands;

/// <summary>How a command states a time: counted from now or absolute, in seconds or milliseconds.</summary>
internal readonly record struct ExpiryUnit(bool IsSeconds, bool IsAbsolute)
{
    public static readonly ExpiryUnit Seconds = new(true, false);
    public static readonly ExpiryUnit Milliseconds = new(false, false);
    public static readonly ExpiryUnit UnixSeconds = new(true, true);
    public static readonly ExpiryUnit UnixMilliseconds = new(false, true);
}
