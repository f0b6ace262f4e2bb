using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>MATCH, COUNT and TYPE of SCAN. <paramref name="PatternIndex"/>: which argument is the pattern, 0 = none.
/// </summary>
internal readonly record struct ScanOptions(int PatternIndex = 0, int Count = 10, bool OnlyOtherTypes = false)
{
    /// <summary>COUNT is a hint; more than this is not looked at in one go, so that one page cannot hold up a shard.
    /// </summary>
    public const int CountMax = 10_000;

    /// <summary>Null when the options are right; else the error to answer.</summary>
    public static string? TryParse(ArgumentList arguments, out ScanOptions options)
    {
        options = new ScanOptions(0, 10);
        for (var i = 2; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count)
                return RespErrorText.Syntax;
            if (Words.Is(arguments[i], "MATCH"u8))
                options = options with { PatternIndex = i + 1 };
            else if (Words.Is(arguments[i], "TYPE"u8))
                options = options with { OnlyOtherTypes = !Words.Is(arguments[i + 1], "string"u8) };
            else if (!Words.Is(arguments[i], "COUNT"u8))
                return RespErrorText.Syntax;
            else if (!Words.TryInteger(arguments[i + 1], out var count))
                return RespErrorText.NotAnInteger;
            else if (count < 1)
                return RespErrorText.Syntax;
            else
                options = options with { Count = (int)Math.Min(count, CountMax) };
        }
        return null;
    }
}
