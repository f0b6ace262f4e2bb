using System.Net;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace ShardStore.Node.Admin;

/// <summary>The API has no login of its own, so a web page that an operator happens to visit must not be able to use
/// it: a browser names the page's origin with every request that changes something, and cannot send JSON elsewhere
/// without asking first. Tools send no Origin and pass.</summary>
internal sealed class RequestGuard(NodeOptions options)
{
    public Task RunAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            CheckOrigin(http.Request);
            CheckContentType(http.Request);
        }
        return next(http);
    }

    /// <summary>For resources that give keys and values away: a page under a foreign name that was made to point here
    /// could read them as its own.</summary>
    public static void CheckHost(HttpRequest request, NodeOptions options)
    {
        if (IsOwnName(request.Host.Host, options))
            return;
        throw new AdminProblem(403, "foreign-host", "Foreign host name",
            $"Host '{request.Host}': may not read data; allowed are addresses and {options.Announce.Host}");
    }

    private void CheckOrigin(HttpRequest request)
    {
        if (request.Headers.Origin.Count == 0)
            return;
        var origin = request.Headers.Origin.ToString();
        // The same name is not enough: a foreign name can be made to point here for a moment (DNS rebinding).
        if (origin == $"{request.Scheme}://{request.Host}" && IsOwnName(request.Host.Host, options))
            return;
        throw new AdminProblem(403, "foreign-origin", "Foreign origin",
            $"Origin '{origin}': may not change this cluster; allowed is http://{options.AdminListen} itself");
    }

    private static bool IsOwnName(string host, NodeOptions options) =>
        host is "localhost" || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || string.Equals(host, options.Announce.Host, StringComparison.OrdinalIgnoreCase)
        || string.Equals(host, options.PeerAnnounce.Host, StringComparison.OrdinalIgnoreCase);

    private static void CheckContentType(HttpRequest request)
    {
        var given = request.ContentType;
        var hasBody = request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0;
        if (given is null && !hasBody)
            return;
        if (request.HasJsonContentType())
            return;
        throw new AdminProblem(415, "media-type", "Content type not accepted",
            $"Content-Type '{given}': must be {MediaTypeNames.Application.Json}");
    }
}
