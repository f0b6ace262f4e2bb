using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>Parts of the request's path.</summary>
internal static class Path
{
    public static string Text(HttpContext http, string name) => http.GetRouteValue(name) as string ?? "";

    /// <summary>Null for what is not a number: then nothing has that name.</summary>
    public static long? Number(HttpContext http, string name) =>
        long.TryParse(Text(http, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
