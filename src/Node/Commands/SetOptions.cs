using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>The options of SET and GETEX. <paramref name="TimeIndex"/>: which argument is the time, 0 = none.
/// </summary>
internal readonly record struct SetOptions(
    bool OnlyNew, bool OnlyExisting, bool KeepsExpiry, bool Persists, bool RepliesOld)
{
    public int TimeIndex { get; init; }
    public ExpiryUnit Unit { get; init; }

    /// <summary>False: a syntax error.</summary>
    public static bool TryParse(ArgumentList arguments, int first, bool isGetEx, out SetOptions options)
    {
        options = default;
        for (var i = first; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (Words.Is(word, "NX"u8) && !isGetEx && !options.OnlyExisting)
                options = options with { OnlyNew = true };
            else if (Words.Is(word, "XX"u8) && !isGetEx && !options.OnlyNew)
                options = options with { OnlyExisting = true };
            else if (Words.Is(word, "GET"u8) && !isGetEx)
                options = options with { RepliesOld = true };
            else if (Words.Is(word, "KEEPTTL"u8) && !isGetEx && !options.HasTime)
                options = options with { KeepsExpiry = true };
            else if (Words.Is(word, "PERSIST"u8) && isGetEx && !options.HasTime)
                options = options with { Persists = true };
            else if (!options.HasTime && !options.KeepsExpiry && !options.Persists && i + 1 < arguments.Count
                && ExpiryTime.TryUnit(word, out var unit))
                options = options with { Unit = unit, TimeIndex = ++i };
            else
                return false;
        }
        return true;
    }

    public bool HasTime => TimeIndex != 0;
}
