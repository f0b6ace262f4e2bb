using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>NX, XX, GT and LT of the EXPIRE family. A key without expiry counts as expiring never.</summary>
internal readonly record struct ExpiryCondition(bool OnlyWithout, bool OnlyWith, bool OnlyLater, bool OnlySooner)
{
    /// <summary>Null when the options are right; else the error to answer.</summary>
    public static string? TryParse(ArgumentList arguments, out ExpiryCondition condition)
    {
        condition = default;
        for (var i = 3; i < arguments.Count; i++)
        {
            if (Words.Is(arguments[i], "NX"u8))
                condition = condition with { OnlyWithout = true };
            else if (Words.Is(arguments[i], "XX"u8))
                condition = condition with { OnlyWith = true };
            else if (Words.Is(arguments[i], "GT"u8))
                condition = condition with { OnlyLater = true };
            else if (Words.Is(arguments[i], "LT"u8))
                condition = condition with { OnlySooner = true };
            else
                return "ERR Unsupported option " + RespErrorText.Show(arguments[i]);
        }
        if (condition.OnlyWithout && (condition.OnlyWith || condition.OnlyLater || condition.OnlySooner))
            return "ERR NX and XX, GT or LT options at the same time are not compatible";
        if (condition.OnlyLater && condition.OnlySooner)
            return "ERR GT and LT options at the same time are not compatible";
        return null;
    }

    public bool Allows(long currentMs, long newMs)
    {
        var never = currentMs == 0;
        if ((OnlyWithout && !never) || (OnlyWith && never))
            return false;
        if (OnlyLater && (never || newMs <= currentMs))
            return false;
        return !OnlySooner || never || newMs < currentMs;
    }
}
