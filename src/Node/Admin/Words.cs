using System.Globalization;
using ShardStore.Balancer;

namespace ShardStore.Node.Admin;

/// <summary>Spellings that the API uses throughout.</summary>
internal static class Words
{
    public static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    public static string Of(MoveKind kind) => kind switch
    {
        MoveKind.LeaderTransfer => "leaderTransfer",
        _ => "replicaMove",
    };

    public static string Percent(double share) =>
        (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    /// <summary>JSON has no infinity: what never ends counts as this many.</summary>
    public static double Finite(double value) => double.IsFinite(value) ? value : 1e9;
}
