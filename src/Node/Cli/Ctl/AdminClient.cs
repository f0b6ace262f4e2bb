using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Speaks HTTP to one node's admin API, and turns every failure into one line.</summary>
public sealed class AdminClient : IDisposable
{
    /// <summary>A node answers from memory; what takes longer is a node in trouble.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    public AdminClient(Uri root)
    {
        Root = root;
        _http = new HttpClient { BaseAddress = new Uri(root, "/api/v1/"), Timeout = AnswerTimeout };
    }

    public Uri Root { get; }

    /// <summary>The body of a successful GET, as it came.</summary>
    public Task<string> GetAsync(string path, CancellationToken stop) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, path), stop);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop) =>
        Parse(await GetAsync(path, stop), type);

    public Task<string> PostAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken stop) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, type) }, stop);

    public Task<string> PostAsync(string path, CancellationToken stop) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path), stop);

    public Task<string> DeleteAsync(string path, CancellationToken stop) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), stop);

    public Task<string> PutAsync<T>(string path, T body, JsonTypeInfo<T> type, CancellationToken stop) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body, type) }, stop);

    public T Parse<T>(string json, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw NotOurs();
        }
        catch (JsonException)
        {
            throw NotOurs();
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        try
        {
            using (request)
            {
                using var response = await _http.SendAsync(request, stop);
                var body = await response.Content.ReadAsStringAsync(stop);
                return response.IsSuccessStatusCode ? body : throw Problem(response, body);
            }
        }
        catch (HttpRequestException e)
        {
            var cause = (e.InnerException ?? e).Message;
            throw new AdminProblemException(
                $"{Root} does not answer ({cause}); start a node, or name one with --admin URL");
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new AdminProblemException(
                $"{Root} gave no answer within {AnswerTimeout.TotalSeconds:0} s; ask another node with --admin URL");
        }
    }

    private AdminProblemException Problem(HttpResponseMessage response, string body)
    {
        if (response.Content.Headers.ContentType?.MediaType == ProblemView.ContentType)
        {
            return new AdminProblemException(Parse(body, AdminJson.Default.ProblemView).Detail)
            {
                IsFinal = (int)response.StatusCode is >= 400 and < 500,
            };
        }
        return new AdminProblemException(
            $"{Root} answered {(int)response.StatusCode} to {response.RequestMessage?.RequestUri?.AbsolutePath}");
    }

    private AdminProblemException NotOurs() =>
        new($"{Root} answered something else than ShardStore's JSON; is it the admin port of a node?");
}
