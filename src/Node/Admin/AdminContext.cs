using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin;

/// <summary>What all endpoints share.</summary>
internal sealed class AdminContext(IAdminSource source, ControllerRelay relay, ILogger logger)
{
    private static readonly TimeSpan SeenTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    public IAdminSource Source { get; } = source;
    public ControllerRelay Relay { get; } = relay;
    public ILogger Logger { get; } = logger;
    public AlertBoard Alerts { get; } = new();

    public async Task<ClusterReading> ReadAsync(CancellationToken cancellation) =>
        new(Source, await Source.ViewAsync(cancellation));

    public IReadOnlyList<AlertView> AlertsOf(ClusterReading reading) =>
        Alerts.Update(AlertRules.Of(reading, Source.LatestRound), reading.UnixMs);

    /// <summary>Lets the controller's node answer, if it is another one. False when this node should.</summary>
    public async Task<bool> TryRelayAsync(HttpContext http, ClusterReading reading, HttpContent? body = null) =>
        ControllerRelay.Applies(http, reading) && reading.Find(reading.View.LeaderNode) is { } leader
        && await Relay.TryAsync(http, leader, body);

    /// <summary>Answers from the controller's last decision, here or on its node.</summary>
    public async Task WithRoundAsync(
        HttpContext http, Func<ClusterReading, ControllerRound, Task> answer, HttpContent? body = null)
    {
        var reading = await ReadAsync(http.RequestAborted);
        if (Source.LatestRound is { } round)
            await answer(reading, round);
        else if (!await TryRelayAsync(http, reading, body))
            throw AdminProblem.Later(WhyNoRound(reading));
    }

    /// <summary>Changes the cluster's state and waits until this node has seen the change too, so that who asks here
    /// next finds what was answered.</summary>
    public async Task<ClusterReading> ChangeAsync(
        MetaCommand command, Func<MetaResult, MetaView, bool> isSeen, CancellationToken cancellation)
    {
        var result = await Source.ProposeAsync(command, cancellation);
        Check(result);
        return await SeenAsync(view => isSeen(result, view), cancellation);
    }

    public static void Check(MetaResult result)
    {
        if (!result.Ok)
            throw result.IsFinal ? AdminProblem.Refused(result.Error) : AdminProblem.Later(result.Error);
    }

    /// <summary>The newest state; waits a moment for <paramref name="isSeen"/>.</summary>
    public async Task<ClusterReading> SeenAsync(Func<MetaView, bool> isSeen, CancellationToken cancellation)
    {
        var deadlineMs = (Source.Clock.MonotonicMicros / 1000) + (long)SeenTimeout.TotalMilliseconds;
        while (true)
        {
            var view = await Source.ViewAsync(cancellation);
            if (isSeen(view) || Source.Clock.MonotonicMicros / 1000 >= deadlineMs)
                return new ClusterReading(Source, view);
            await Task.Delay(LookAgain, cancellation);
        }
    }

    public static Task WriteAsync<T>(HttpContext http, T value, JsonTypeInfo<T> type) =>
        http.Response.WriteAsJsonAsync(value, type, cancellationToken: http.RequestAborted);

    public static async Task<T> BodyAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class =>
        await http.Request.ReadFromJsonAsync(type, http.RequestAborted)
            ?? throw AdminProblem.BadBody($"the body of {http.Request.Method} {http.Request.Path} is null");

    private static string WhyNoRound(ClusterReading reading) => reading.View switch
    {
        { IsLeader: true } => "the controller runs here and has not decided yet; try again",
        { LeaderNode: 0 } => "no node runs the controller: the meta group has no leader",
        { LeaderNode: var leader } =>
            $"the controller runs on {reading.NameOf(leader)}, which does not answer now; ask it or try again",
    };
}
