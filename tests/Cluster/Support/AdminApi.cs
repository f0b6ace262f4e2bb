using System.Net.Http.Json;
using System.Text.Json;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>The admin API of whichever node answers.</summary>
internal sealed class AdminApi(IReadOnlyList<int> ports) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public Task<NodeView[]> NodesAsync() => GetAsync<NodeView[]>("nodes");

    public Task<ShardView[]> ShardsAsync() => GetAsync<ShardView[]>("shards");

    public async Task<ShardView> ShardAsync(int shard) => (await ShardsAsync()).Single(view => view.Id == shard);

    public Task<MigrationView> MigrationAsync(long id) => GetAsync<MigrationView>($"migrations/{id}");

    public async Task<MigrationView> MigrateAsync(int shard, string from, string to)
    {
        using var answer = await FirstAsync(port => _http.PostAsJsonAsync(
            Url(port, "migrations"), new MigrateRequest(shard, from, to), JsonSerializerOptions.Web));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<MigrationView>(text, JsonSerializerOptions.Web)!;
    }

    public async Task DrainAsync(string node)
    {
        using var answer = await FirstAsync(port => _http.PostAsync(Url(port, $"nodes/{node}/drain"), null));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path)
    {
        using var answer = await FirstAsync(port => _http.GetAsync(Url(port, path)));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!;
    }

    /// <summary>Some nodes may be down, that is what the tests are about; a node that is up may not know yet.</summary>
    private async Task<HttpResponseMessage> FirstAsync(Func<int, Task<HttpResponseMessage>> ask)
    {
        Exception? failure = null;
        HttpResponseMessage? refusal = null;
        foreach (var port in ports)
        {
            try
            {
                var answer = await ask(port);
                if (answer.IsSuccessStatusCode)
                    return answer;
                refusal = answer;
            }
            catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
            {
                failure = unreachable;
            }
        }
        return refusal ?? throw new IOException("no node's admin API answers", failure);
    }

    private static Uri Url(int port, string path) => new($"http://127.0.0.1:{port}/api/v1/{path}");
}
