using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Views;

/// <summary>The meta group's records of what happened.</summary>
internal static class EventViews
{
    private const string MigrationKind = "migration";
    private const string DamageKind = Scrubbing.ScrubPart.DamageKind;

    /// <summary>Those after a sequence number, oldest first; at most <paramref name="countMax"/>, the newest ones.
    /// </summary>
    public static IReadOnlyList<EventView> After(ClusterReading reading, long after, int countMax) =>
        [.. reading.View.Events.Where(happened => happened.Id > after).TakeLast(countMax).Select(Of)];

    private static EventView Of(EventRecord happened)
    {
        var isFailure = happened.Kind == DamageKind
            || (happened.Kind == MigrationKind && happened.Text.Contains(" Failed", StringComparison.Ordinal));
        return new EventView
        {
            Sequence = happened.Id,
            UnixMs = happened.AtMs,
            Severity = isFailure ? "warning" : "info",
            Kind = happened.Kind,
            Text = happened.Text,
            MigrationId = happened.Kind == MigrationKind ? IdIn(happened.Text) : null,
        };
    }

    /// <summary>Records of a migration begin with its number: "#7 Done".</summary>
    private static long? IdIn(string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return text.StartsWith('#') && long.TryParse(text[1..(end < 0 ? text.Length : end)], out var id) ? id : null;
    }
}
