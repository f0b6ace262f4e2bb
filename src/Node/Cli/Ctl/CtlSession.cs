using System.Text.Json;
using Spectre.Console;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>One invocation of ctl: which node, which form, once or again and again.</summary>
internal sealed class CtlSession(AdminClient client, bool asJson, bool watch, TextWriter output) : IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly bool _isTerminal = !Console.IsOutputRedirected && output == Console.Out;

    public AdminClient Client { get; } = client;

    public bool Watch { get; } = watch;

    public bool AsJson { get; } = asJson;

    public void Dispose() => Client.Dispose();

    /// <summary>Shows a view once, or until it is interrupted.</summary>
    public Task<int> ShowAsync(CtlView view, CancellationToken stop) =>
        ShowAsync(view, ct => Client.GetAsync(view.Path, ct), ended: null, stop);

    /// <summary>Shows what <paramref name="fetch"/> gives; watching ends when <paramref name="ended"/> says so.
    /// </summary>
    public async Task<int> ShowAsync(
        CtlView view, Func<CancellationToken, Task<string>> fetch, Func<string, bool>? ended, CancellationToken stop)
    {
        while (true)
        {
            var json = await fetch(stop);
            Print(view, json);
            if (!Watch || ended?.Invoke(json) == true)
                return view.Judge?.Invoke(Client, json) ?? ExitCode.Done;
            await Task.Delay(WatchInterval, stop);
        }
    }

    private void Print(CtlView view, string json)
    {
        if (AsJson)
        {
            // One document; watching prints one a line.
            using var document = JsonDocument.Parse(json);
            output.WriteLine(Watch ? json : JsonSerializer.Serialize(document.RootElement, IndentedJson.Options));
            return;
        }
        var screen = Screen.Open(output, _isTerminal);
        if (Watch && _isTerminal)
            screen.Clear();
        view.Draw(Client, json, screen);
    }
}
