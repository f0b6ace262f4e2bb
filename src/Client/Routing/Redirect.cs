using System.Text;
using ShardStore.Resp;

namespace ShardStore.Client.Routing;

/// <summary>An error reply read as an instruction.</summary>
internal readonly record struct Redirect(RedirectKind Kind, int Slot, NodeAddress Target)
{
    /// <param name="error">The bytes of the error, without the leading '-'.</param>
    /// <param name="asked">The node that sent it: stands in where a redirect leaves out the host.</param>
    internal static Redirect Parse(ReadOnlySpan<byte> error, NodeAddress asked)
    {
        if (error.StartsWith("MOVED "u8))
            return ParseTarget(RedirectKind.Moved, error[6..], asked);
        if (error.StartsWith("ASK "u8))
            return ParseTarget(RedirectKind.Ask, error[4..], asked);
        if (error.StartsWith("SHARDSTORE.UNKNOWN"u8))
            return new Redirect(RedirectKind.Unknown, -1, default);
        return IsTryAgain(error) ? new Redirect(RedirectKind.TryAgain, -1, default) : default;
    }

    private static bool IsTryAgain(ReadOnlySpan<byte> error) =>
        error.StartsWith("TRYAGAIN"u8) || error.StartsWith("CLUSTERDOWN"u8) || error.StartsWith("LOADING"u8)
        || error.StartsWith("MASTERDOWN"u8) || error.StartsWith("READONLY"u8)
        || error.SequenceEqual(Encoding.ASCII.GetBytes(RespErrorText.Stopping));

    private static Redirect ParseTarget(RedirectKind kind, ReadOnlySpan<byte> rest, NodeAddress asked)
    {
        var text = Encoding.UTF8.GetString(rest);
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || !int.TryParse(text.AsSpan(0, space), out var slot) || slot is < 0 or >= HashSlot.Count
            || !NodeAddress.TryParse(text.AsSpan(space + 1).Trim(), out var target))
            return default;
        return new Redirect(kind, slot, target.Host.Length == 0 ? target with { Host = asked.Host } : target);
    }
}
