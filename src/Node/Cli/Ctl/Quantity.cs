using System.Globalization;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Numbers for people: three digits are enough to act on.</summary>
internal static class Quantity
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB"];

    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (bytes >= 1024 && unit < ByteUnits.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }
        return Number(bytes) + " " + ByteUnits[unit];
    }

    public static string Rate(double perSecond) => perSecond switch
    {
        >= 1e6 => Number(perSecond / 1e6) + " M/s",
        >= 1e4 => Number(perSecond / 1e3) + " k/s",
        _ => Number(perSecond) + " /s",
    };

    public static string Share(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    public static string Ms(double ms) => Number(ms) + " ms";

    public static string Seconds(double seconds) => seconds switch
    {
        < 0 => "-" + Seconds(-seconds),
        < 10 => Number(seconds) + " s",
        < 120 => seconds.ToString("0", CultureInfo.InvariantCulture) + " s",
        < 7200 => (seconds / 60).ToString("0", CultureInfo.InvariantCulture) + " min",
        _ => Number(seconds / 3600) + " h",
    };

    /// <summary>UTC, so that it can be compared with logs of all nodes.</summary>
    public static string Time(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Time(long? unixMs) => unixMs is { } given ? Time(given) : "-";

    public static string Number(double value)
    {
        var format = Math.Abs(value) switch { >= 100 => "0", >= 10 => "0.#", _ => "0.##" };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
