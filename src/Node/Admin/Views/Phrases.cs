using System.Globalization;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>Figures inside sentences.</summary>
internal static class Phrases
{
    public static string Time(long unixMs) => RecommendationRules.Time(unixMs);

    public static string Duration(double seconds) => seconds switch
    {
        < 10 => seconds.ToString("0.#", CultureInfo.InvariantCulture) + " s",
        < 300 => seconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        _ => (seconds / 60).ToString("0", CultureInfo.InvariantCulture) + " min",
    };

    public static string Bytes(double bytes) => bytes switch
    {
        < 1e6 => (bytes / 1e3).ToString("0", CultureInfo.InvariantCulture) + " kB",
        < 1e9 => (bytes / 1e6).ToString("0", CultureInfo.InvariantCulture) + " MB",
        _ => (bytes / 1e9).ToString("0.#", CultureInfo.InvariantCulture) + " GB",
    };

    public static string Rate(double perSecond) =>
        perSecond.ToString(perSecond < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + " ops/s";

    /// <summary>The rejected moves of a recommendation in one sentence; null where there are none.</summary>
    public static string? Rejected(IReadOnlyList<Contracts.RejectionView> moves) => moves.Count == 0
        ? null
        : "Weighed and not taken: " + string.Join("; ", moves.Select(move =>
            $"shard {move.Shard}{(move.To.Length > 0 ? $" to {move.To}" : "")}, since {move.Reason} ({move.Code})"))
            + ".";
}
