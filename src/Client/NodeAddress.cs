using System.Globalization;

namespace ShardStore.Client;

/// <summary>Where a node listens for clients.</summary>
/// <param name="Host">Name or IP address; IPv6 without brackets.</param>
/// <param name="Port">TCP port, 1 to 65535.</param>
public readonly record struct NodeAddress(string Host, int Port)
{
    /// <summary>Parses <c>host:port</c>. An IPv6 host may stand in brackets.</summary>
    /// <param name="text">The text, for example <c>10.0.0.5:7001</c>.</param>
    /// <exception cref="ArgumentException">The text has no host, or no port from 1 to 65535.</exception>
    public static NodeAddress Parse(string text)
    {
        if (TryParse(text, out var address) && address.Host.Length > 0)
            return address;
        throw new ArgumentException($"endpoint '{text}' is not host:port with a port from 1 to 65535", nameof(text));
    }

    /// <summary>As <see cref="Parse"/>, but false instead of an exception, and the host may be empty: servers say
    /// <c>:7001</c> for "the host that you dialled, port 7001".</summary>
    /// <param name="text">The text to parse.</param>
    /// <param name="address">The address, when the result is true.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out NodeAddress address)
    {
        address = default;
        // The last colon: an IPv6 address has colons of its own.
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture,
            out var port) || port is < 1 or > 65535)
            return false;
        address = new NodeAddress(text[..colon].Trim("[]").ToString(), port);
        return true;
    }

    /// <summary>The address as <c>host:port</c>.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
