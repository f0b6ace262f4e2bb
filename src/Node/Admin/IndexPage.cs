using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ShardStore.Node.Admin;

/// <summary>What `/` shows: the endpoints, as links where a browser can follow them.</summary>
internal static class IndexPage
{
    public static string Of(IEnumerable<AdminRoute> routes)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">");
        page.Append("<title>ShardStore</title>");
        page.Append("<h1>ShardStore node</h1><table>");
        foreach (var route in routes)
        {
            var path = WebUtility.HtmlEncode(route.Path);
            var isLink = route.Method == "GET" && !route.Path.Contains('{');
            page.Append("<tr><td>").Append(route.Method).Append("<td>")
                .Append(isLink ? $"<a href=\"{path}\">{path}</a>" : path)
                .Append("<td>").Append(WebUtility.HtmlEncode(route.Help)).Append('\n');
        }
        return page.Append("</table></html>\n").ToString();
    }

    public static Task WriteAsync(HttpContext http, string page)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        return http.Response.WriteAsync(page, http.RequestAborted);
    }
}
