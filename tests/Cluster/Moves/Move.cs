using ShardStore.Cluster.Tests.Support;
using ShardStore.Node.Admin.Contracts;

namespace ShardStore.Cluster.Tests.Moves;

/// <summary>One move under way, followed through the admin API.</summary>
internal sealed class Move(AdminApi api, MigrationView begun)
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(120);
    private readonly List<(string Stage, long SinceMs)> _stages = [(begun.Stage, begun.StageSinceUnixMs)];

    public MigrationView View { get; private set; } = begun;
    public int From => NumberOf(View.From);
    public int To => NumberOf(View.To);

    /// <summary>Waits until the move is in a stage; in Seeding, until a part of the data has arrived. False when it
    /// ended without having been seen there: a stage may be shorter than the time between two looks.</summary>
    public async Task<bool> ReachesAsync(string stage)
    {
        await Waiting.UntilAsync(
            async () =>
            {
                await LookAsync();
                return View.EndedUnixMs is not null || IsIn(stage);
            },
            EndTimeout, ToString);
        return View.EndedUnixMs is null;
    }

    public async Task WaitEndAsync()
    {
        await Waiting.UntilAsync(
            async () =>
            {
                await LookAsync();
                return View.EndedUnixMs is not null;
            },
            EndTimeout, ToString);
    }

    public double SecondsIn(string stage)
    {
        var at = _stages.FindIndex(seen => seen.Stage == stage);
        if (at < 0)
            return 0;
        var endMs = at + 1 < _stages.Count ? _stages[at + 1].SinceMs : View.EndedUnixMs ?? _stages[at].SinceMs;
        return (endMs - _stages[at].SinceMs) / 1000.0;
    }

    public double Seconds => ((View.EndedUnixMs ?? View.StageSinceUnixMs) - View.StartedUnixMs) / 1000.0;

    public override string ToString() => $"#{View.Id} {View.From} to {View.To}: "
        + string.Join(", ", _stages.Select(seen => $"{seen.Stage} {SecondsIn(seen.Stage):0.0} s"))
        + (View.Problem is null ? "" : $" ({View.Problem})");

    private bool IsIn(string stage) => View.Stage == stage && (stage != "Seeding" || View.BytesMoved > 0);

    private async Task LookAsync()
    {
        var view = await api.MigrationAsync(View.Id);
        // A node that was just started again tells what it knew before, until it has caught up.
        if (view.StageSinceUnixMs < View.StageSinceUnixMs)
            return;
        View = view;
        if (_stages[^1].Stage != View.Stage)
            _stages.Add((View.Stage, View.StageSinceUnixMs));
    }

    private static int NumberOf(string name) => int.Parse(name[1..]) - 1;
}
