using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Node.Admin;

/// <summary>Turns everything that goes wrong in a request into one RFC 9457 document. A stack trace never leaves the
/// node.</summary>
internal sealed class ProblemWriter(ILogger logger)
{
    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: 404 or 405 })
                await WriteAsync(http, OfStatus(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
            http.Abort();
        }
        catch (Exception failure)
        {
            if (http.Response.HasStarted)
                throw;
            await WriteAsync(http, OfFailure(http, failure));
        }
    }

    private ProblemView OfFailure(HttpContext http, Exception failure) => failure switch
    {
        AdminProblem problem => problem.View,
        TimeoutException => AdminProblem.Later("the node did not answer in time; try again, or ask another one").View,
        JsonException json => AdminProblem.BadBody(
            $"the body is not the JSON that {http.Request.Method} {http.Request.Path} takes: {json.Message}").View,
        BadHttpRequestException bad => new AdminProblem(
            bad.StatusCode, "bad-request", "Request not understood", bad.Message).View,
        _ => Unexpected(http, failure),
    };

    private ProblemView Unexpected(HttpContext http, Exception failure)
    {
        AdminLog.Failed(logger, http.Request.Method, http.Request.Path, failure);
        return new AdminProblem(
            500, "internal", "A fault in the node", "the request failed inside the node; its log says why").View;
    }

    private static ProblemView OfStatus(HttpContext http) => http.Response.StatusCode == 404
        ? AdminProblem.UnknownPath(http.Request.Path).View
        : AdminProblem.UnknownMethod(
            http.Request.Method, http.Request.Path, http.Response.Headers.Allow.ToString()).View;

    private static Task WriteAsync(HttpContext http, ProblemView problem)
    {
        http.Response.StatusCode = problem.Status;
        if (problem.Status == 503)
            http.Response.Headers.RetryAfter = "1";
        return http.Response.WriteAsJsonAsync(
            problem, AdminJson.Default.ProblemView, ProblemView.ContentType, http.RequestAborted);
    }
}
