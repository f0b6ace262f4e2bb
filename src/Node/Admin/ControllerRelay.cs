using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin;

/// <summary>Asks the controller's node for what only the controller knows. One hop: a request that was passed on
/// already is never passed on again, since two nodes may for a moment each believe that the other leads.</summary>
internal sealed class ControllerRelay(string selfName) : IDisposable
{
    public const string Header = "ShardStore-Forwarded-By";

    private const long AnswerBytesMax = 32 << 20;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
    {
        Timeout = Deadline,
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    /// <summary>True when this node should try to pass the request on: another one leads and is heard, and nobody has
    /// passed it here. A node does not count itself as silent, so it must not be the one to ask whether it is.
    /// </summary>
    public static bool Applies(HttpContext http, ClusterReading reading) =>
        !reading.View.IsLeader && !http.Request.Headers.ContainsKey(Header)
        && reading.View.LeaderNode != 0 && reading.View.LeaderNode != reading.SelfNode
        && !reading.IsDown(reading.View.LeaderNode);

    /// <summary>Writes the controller's answer. False with nothing written when it gave none.</summary>
    /// <param name="http">The request to answer.</param>
    /// <param name="leader">Whom to ask.</param>
    /// <param name="body">What the request carried, if anything; its own stream is read by then.</param>
    public async Task<bool> TryAsync(HttpContext http, NodeRecord leader, HttpContent? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), UrlOf(http, leader));
        request.Content = body;
        request.Headers.Add(Header, selfName);
        try
        {
            using var answer = await _http.SendAsync(request, http.RequestAborted);
            var content = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
            if (!IsAnswer(answer))
                return false;
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await http.Response.Body.WriteAsync(content, http.RequestAborted);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (TaskCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Any JSON but "not now": then the caller says so in its own words.</summary>
    private static bool IsAnswer(HttpResponseMessage answer) =>
        (int)answer.StatusCode < 500
        && answer.Content.Headers.ContentType is MediaTypeHeaderValue { MediaType: { } type }
        && type.EndsWith("json", StringComparison.Ordinal);

    private static Uri UrlOf(HttpContext http, NodeRecord leader) => new UriBuilder(
        Uri.UriSchemeHttp, leader.Host, leader.AdminPort, http.Request.Path, http.Request.QueryString.ToString()).Uri;
}
