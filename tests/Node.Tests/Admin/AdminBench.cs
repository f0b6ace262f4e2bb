using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using ShardStore.Node.Admin;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Node.Tests.Admin;

/// <summary>A served node and a client for it.</summary>
internal sealed class AdminBench : IAsyncDisposable
{
    private readonly HttpClient _http;

    private AdminBench(AdminServer server)
    {
        Server = server;
        _http = new HttpClient
        {
            BaseAddress = new Uri($"http://{server.EndPoint}"),
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    public AdminServer Server { get; }

    public static async Task<AdminBench> StartAsync(IAdminSource source) =>
        new(await AdminServer.StartAsync(source, NullLogger.Instance));

    public static AdminBench Of(AdminServer server) => new(server);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {body}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return JsonSerializer.Deserialize(body, type)!;
    }

    public async Task<(int Status, string Text)> TextAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Sends what should be refused, and gives back the problem.</summary>
    public async Task<ProblemView> RefusedAsync(
        HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(method, path, json, headers);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.Equal(ProblemView.ContentType, answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(body, AdminJson.Default.ProblemView)!;
        Assert.Equal((int)answer.StatusCode, problem.Status);
        return problem;
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else
                request.Headers.Add(name, value);
        }
        return await _http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
