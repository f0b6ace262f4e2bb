namespace ShardStore.Node.Commands;

/// <summary>Redis' glob patterns: * ? [a-z] [^x] \c. Iterative: a failed match goes back to the last star only, so a
/// hostile pattern costs at most pattern times text steps and no stack.</summary>
internal static class Glob
{
    /// <summary>Longer patterns match nothing. Unit: bytes. Keys that people select by pattern are short.</summary>
    public const int PatternBytesMax = 4096;

    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        if (pattern.Length > PatternBytesMax)
            return false;
        int p = 0, t = 0, starP = -1, starT = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                starP = ++p;
                starT = t;
            }
            else if (p < pattern.Length && MatchesOne(pattern, ref p, text[t]))
            {
                t++;
            }
            else if (starP >= 0)
            {
                p = starP;
                t = ++starT;
            }
            else
            {
                return false;
            }
        }
        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    /// <summary>Moves behind the element when it matches.</summary>
    private static bool MatchesOne(ReadOnlySpan<byte> pattern, ref int p, byte c)
    {
        switch (pattern[p])
        {
            case (byte)'?':
                p++;
                return true;
            case (byte)'[':
                return MatchesClass(pattern, ref p, c);
            case (byte)'\\' when p + 1 < pattern.Length:
                if (pattern[p + 1] != c)
                    return false;
                p += 2;
                return true;
            default:
                if (pattern[p] != c)
                    return false;
                p++;
                return true;
        }
    }

    private static bool MatchesClass(ReadOnlySpan<byte> pattern, ref int p, byte c)
    {
        var at = p + 1;
        var isNegated = at < pattern.Length && pattern[at] == '^';
        if (isNegated)
            at++;
        var isIn = false;
        while (at < pattern.Length && pattern[at] != ']')
        {
            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                isIn |= pattern[at + 1] == c;
                at += 2;
            }
            else if (at + 2 < pattern.Length && pattern[at + 1] == '-')
            {
                var (low, high) = (Math.Min(pattern[at], pattern[at + 2]), Math.Max(pattern[at], pattern[at + 2]));
                isIn |= c >= low && c <= high;
                at += 3;
            }
            else
            {
                isIn |= pattern[at++] == c;
            }
        }
        if (isIn == isNegated)
            return false;
        // Like Redis, a class that is never closed ends with the pattern.
        p = Math.Min(at + 1, pattern.Length);
        return true;
    }
}
