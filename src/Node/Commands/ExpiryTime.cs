namespace ShardStore.Node.Commands;

/// <summary>Turns the times of commands into absolute ones, by the leader's clock that came with the entry.</summary>
internal static class ExpiryTime
{
    public static bool TryUnit(ReadOnlySpan<byte> word, out ExpiryUnit unit)
    {
        unit = ExpiryUnit.Seconds;
        if (Words.Is(word, "EX"u8))
            return true;
        unit = ExpiryUnit.Milliseconds;
        if (Words.Is(word, "PX"u8))
            return true;
        unit = ExpiryUnit.UnixSeconds;
        if (Words.Is(word, "EXAT"u8))
            return true;
        unit = ExpiryUnit.UnixMilliseconds;
        return Words.Is(word, "PXAT"u8);
    }

    /// <summary>False when it does not fit into milliseconds since 1970.</summary>
    public static bool TryAbsolute(long time, ExpiryUnit unit, long nowMs, out long expireAtMs)
    {
        expireAtMs = time;
        if (unit.IsSeconds)
        {
            if (time is > long.MaxValue / 1000 or < long.MinValue / 1000)
                return false;
            expireAtMs = time * 1000;
        }
        if (unit.IsAbsolute)
            return true;
        if (expireAtMs > long.MaxValue - nowMs)
            return false;
        expireAtMs += nowMs;
        return true;
    }

    /// <summary>For commands that take only times after 1970-01-01 or longer than 0: reads argument
    /// <paramref name="text"/>; false with the error written.</summary>
    public static bool TryPositive(
        ShardContext context, ReadOnlySpan<byte> text, ExpiryUnit unit, string command, out long expireAtMs)
    {
        expireAtMs = 0;
        if (!Words.TryInteger(context.Reply, text, out var time))
            return false;
        if (time > 0 && TryAbsolute(time, unit, context.NowMs, out expireAtMs))
            return true;
        context.Reply.WriteError(Resp.RespErrorText.InvalidExpire(command));
        return false;
    }
}
