using System.Globalization;
using System.Net;

namespace ShardStore.Node.Cli.Settings;

/// <summary>Makes settings of the kinds that occur, so that each kind is parsed and described in one way.</summary>
internal static class SettingKinds
{
    public static Setting<int> Whole(string name, string unit, int standard, (int Min, int Max) range, string help) =>
        new(name, unit, $"a whole number from {range.Min} to {range.Max}", help, text => WholeIn(text, range))
        {
            Default = new Parsed<int>(standard),
        };

    public static Setting<double> Number(string name, string unit, (double Min, double Max) range, string help) =>
        new(name, unit, $"a number from {Text(range.Min)} to {Text(range.Max)}", help, text => NumberIn(text, range));

    public static Setting<bool> Flag(string name, string help) =>
        new(name, "yes or no", "true or false", help, text =>
            bool.TryParse(text, out var value) ? new Parsed<bool>(value) : null)
        {
            Default = new Parsed<bool>(false),
            DefaultWords = "false",
            IsFlag = true,
        };

    public static Setting<T> Choice<T>(string name, T standard, string help)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(word => word.ToLowerInvariant()).ToArray();
        return new Setting<T>(name, "word", "one of " + string.Join(", ", words), help, text =>
            words.Contains(text) ? new Parsed<T>(Enum.Parse<T>(text, ignoreCase: true)) : null)
        {
            Default = new Parsed<T>(standard),
            DefaultWords = standard.ToString().ToLowerInvariant(),
        };
    }

    /// <summary>Some of several choices, by their words, or all of them; in the order of the choices.</summary>
    public static Setting<IReadOnlyList<T>> Some<T>(
        string name, string help, IReadOnlyList<T> choices, Func<T, string> word)
    {
        const string all = "all";
        var words = choices.Select(word).ToArray();
        var allowed = $"{all}, or names with commas between, of {string.Join(", ", words)}";
        return new Setting<IReadOnlyList<T>>(name, "names", allowed, help, text =>
        {
            var given = Split(text);
            if (given is [all])
                return new Parsed<IReadOnlyList<T>>(choices);
            return given.Length > 0 && given.All(words.Contains)
                ? new Parsed<IReadOnlyList<T>>([.. choices.Where(choice => given.Contains(word(choice)))])
                : null;
        });
    }

    /// <summary>Which files of a folder to take.</summary>
    public static Setting<IReadOnlyList<string>> FilePatterns(string name, string help) =>
        new(name, "patterns", "patterns of file names with * and ?, with commas between", help, text =>
            Split(text) is { Length: > 0 } patterns ? new Parsed<IReadOnlyList<string>>(patterns) : null)
        {
            DefaultWords = "all files",
        };

    /// <summary>Letters, digits, dot, dash and underscore: safe in file names, labels and replies.</summary>
    public static Setting<string> Name(string name, string help) =>
        new(name, "name", "1 to 64 letters, digits, '.', '-' or '_'", help, text =>
            text.Length is >= 1 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
                ? new Parsed<string>(text)
                : null);

    public static Setting<string> Path(string name, string help) =>
        new(name, "path", "a path", help, text =>
            text.Length > 0 && !text.Contains('\0') ? new Parsed<string>(text) : null);

    public static Setting<string> Host(string name, string help) =>
        new(name, "host name or address", "a host name or an IP address, without a port", help, text =>
            Uri.CheckHostName(text) != UriHostNameType.Unknown ? new Parsed<string>(text) : null);

    public static Setting<IPEndPoint> Endpoint(string name, string standard, string help) =>
        new(
            name, "address:port", "an IP address and a port from 1 to 65535, such as 127.0.0.1:7001", help,
            ParseEndpoint)
        {
            Default = ParseEndpoint(standard),
        };

    public static Setting<IReadOnlyList<HostPort>> HostPorts(string name, string help) =>
        new(name, "list of host:port", "host:port pairs with commas between, ports from 1 to 65535", help, text =>
            ParseHostPorts(text))
        {
            Default = new Parsed<IReadOnlyList<HostPort>>([]),
            DefaultWords = "empty: a cluster of one node",
        };

    public static Setting<HostPort> OneHostPort(string name, string help) =>
        new(name, "host:port", "a host:port pair, port from 1 to 65535", help, text =>
            ParseHostPorts(text) is { Value: [var one] } ? new Parsed<HostPort>(one) : null);

    internal static Parsed<IPEndPoint>? ParseEndpoint(string text)
    {
        if (text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase))
            text = "127.0.0.1" + text["localhost".Length..];
        return HasPort(text) && IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0
            ? new Parsed<IPEndPoint>(endpoint)
            : null;
    }

    private static Parsed<IReadOnlyList<HostPort>>? ParseHostPorts(string text)
    {
        var list = new List<HostPort>();
        foreach (var item in Split(text))
        {
            var colon = item.LastIndexOf(':');
            if (colon <= 0 || WholeIn(item[(colon + 1)..], (1, 65535)) is not { } port)
                return null;
            var host = item[..colon].Trim('[', ']');
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
                return null;
            list.Add(new HostPort(host, port.Value));
        }
        return new Parsed<IReadOnlyList<HostPort>>(list);
    }

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Parsed<int>? WholeIn(string text, (int Min, int Max) range) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value >= range.Min && value <= range.Max
            ? new Parsed<int>(value)
            : null;

    private static Parsed<double>? NumberIn(string text, (double Min, double Max) range) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value >= range.Min && value <= range.Max
            ? new Parsed<double>(value)
            : null;

    /// <summary>An address alone also parses as an endpoint, with port 0; and "::1" is not address ":" port
    /// 1.</summary>
    private static bool HasPort(string text) =>
        text.StartsWith('[') ? text.Contains("]:", StringComparison.Ordinal) : text.Count(c => c == ':') == 1;

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
