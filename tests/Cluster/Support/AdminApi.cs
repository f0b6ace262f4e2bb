using System.Net.Http.Json;
using System.Text.Json;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>The admin API of whichever node answers.</summary>
internal sealed class AdminApi(IReadOnlyList<string> endpoints) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    public AdminApi(IReadOnlyList<int> ports) : this([.. ports.Select(port => $"127.0.0.1:{port}")])
    {
    }

    public Task<NodeView[]> NodesAsync() => GetAsync<NodeView[]>("nodes");

    public Task<ShardView[]> ShardsAsync() => GetAsync<ShardView[]>("shards");

    public async Task<ShardView> ShardAsync(int shard) => (await ShardsAsync()).Single(view => view.Id == shard);

    public Task<EventView[]> EventsAsync() => GetAsync<EventView[]>("events");

    public Task<AlertView[]> AlertsAsync() => GetAsync<AlertView[]>("alerts");

    public Task<CostView> CostsAsync() => GetAsync<CostView>("costs");

    public Task<ModelView> ModelAsync() => GetAsync<ModelView>("model");

    /// <summary>None while nobody has decided yet.</summary>
    public Task<IReadOnlyList<ForecastView>> ForecastsAsync() => OfControllerAsync<ForecastView>("forecasts");

    /// <summary>None while nobody has decided yet.</summary>
    public Task<IReadOnlyList<RecommendationView>> RecommendationsAsync() =>
        OfControllerAsync<RecommendationView>("recommendations");

    public Task<EndedRecommendationView[]> OutcomesAsync() =>
        GetAsync<EndedRecommendationView[]>("recommendations/history");

    /// <summary>Why a shard stays or moves; empty while nobody has decided yet.</summary>
    public async Task<string> WhyAsync(int shard)
    {
        using var answer = await FirstAsync(endpoint => _http.GetAsync(Url(endpoint, $"why/{shard}")));
        return await answer.Content.ReadAsStringAsync();
    }

    public Task<MigrationView[]> MigrationsAsync() => GetAsync<MigrationView[]>("migrations");

    public Task<NodeForecastView[]> NodeForecastsAsync() => GetAsync<NodeForecastView[]>("forecasts/nodes");

    public Task<SeriesView[]> SeriesAsync(string query) => GetAsync<SeriesView[]>($"series?{query}");

    public Task<MigrationView> MigrationAsync(long id) => GetAsync<MigrationView>($"migrations/{id}");

    /// <summary>False when the move was refused, or nobody could be asked.</summary>
    public async Task<bool> TryMigrateAsync(int shard, string from, string to)
    {
        try
        {
            using var answer = await PostMigrationAsync(shard, from, to);
            return answer.IsSuccessStatusCode;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async Task<MigrationView> MigrateAsync(int shard, string from, string to)
    {
        using var answer = await PostMigrationAsync(shard, from, to);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<MigrationView>(text, JsonSerializerOptions.Web)!;
    }

    public async Task DrainAsync(string node)
    {
        using var answer = await FirstAsync(endpoint => _http.PostAsync(Url(endpoint, $"nodes/{node}/drain"), null));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> PostMigrationAsync(int shard, string from, string to) =>
        FirstAsync(endpoint => _http.PostAsJsonAsync(
            Url(endpoint, "migrations"), new MigrateRequest(shard, from, to), JsonSerializerOptions.Web));

    public void Dispose() => _http.Dispose();

    private async Task<IReadOnlyList<T>> OfControllerAsync<T>(string path)
    {
        try
        {
            using var answer = await FirstAsync(endpoint => _http.GetAsync(Url(endpoint, path)));
            return answer.IsSuccessStatusCode
                ? (await answer.Content.ReadFromJsonAsync<T[]>(JsonSerializerOptions.Web))!
                : [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private async Task<T> GetAsync<T>(string path)
    {
        using var answer = await FirstAsync(endpoint => _http.GetAsync(Url(endpoint, path)));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!;
    }

    /// <summary>Some nodes may be down, that is what the tests are about; a node that is up may not know yet.</summary>
    private async Task<HttpResponseMessage> FirstAsync(Func<string, Task<HttpResponseMessage>> ask)
    {
        Exception? failure = null;
        HttpResponseMessage? refusal = null;
        foreach (var endpoint in endpoints)
        {
            try
            {
                var answer = await ask(endpoint);
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

    private static Uri Url(string endpoint, string path) => new($"http://{endpoint}/api/v1/{path}");
}
