using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ShardStore.Node.Tests.Cli;

/// <summary>An HTTP server that answers with what the test gave it, path by path.</summary>
internal sealed class FakeAdmin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Queue<(int Status, string Body)>> _answers = new();

    private FakeAdmin()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Url => _app.Urls.First();

    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<FakeAdmin> StartAsync()
    {
        var admin = new FakeAdmin();
        await admin._app.StartAsync();
        return admin;
    }

    /// <summary>Answers in turn; the last one stays.</summary>
    public void Answer(string request, params string[] bodies) =>
        _answers[request] = new Queue<(int, string)>(bodies.Select(body => (200, body)));

    public void Refuse(string request, int status, string problem) =>
        _answers[request] = new Queue<(int, string)>([(status, problem)]);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var request = $"{context.Request.Method} {context.Request.Path}";
        Requests.Enqueue($"{request} {await reader.ReadToEndAsync()}".TrimEnd());
        if (!_answers.TryGetValue(request, out var queue))
        {
            context.Response.StatusCode = 404;
            return;
        }
        var (status, body) = queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        context.Response.StatusCode = status;
        context.Response.ContentType = status == 200 ? "application/json" : "application/problem+json";
        await context.Response.WriteAsync(body);
    }
}
