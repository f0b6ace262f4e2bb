using System.Runtime.CompilerServices;
using ShardStore.Client.Connections;
using ShardStore.Client.Routing;
using ShardStore.Resp;

namespace ShardStore.Client.Requests;

/// <summary>
/// Carries a call through redirects, broken connections and "not now" until it has an answer, or may not go on.
/// A command is sent again only when that cannot apply it twice: it reads, it has an identity, or it was surely not
/// sent before.
/// </summary>
internal sealed class CallRunner(
    ConnectionPool pool, ClusterTopology topology, RetryPolicy retries, bool followReadWeights)
{
    private static readonly TimeSpan s_dialUsual = TimeSpan.FromMilliseconds(100);

    /// <summary>The reply; an error that is the command's own is a reply too.</summary>
    /// <exception cref="ClientException">No answer could be had.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<RespReply> RunAsync(Call call, CancellationToken cancellationToken)
    {
        while (true)
        {
            call.Attempts++;
            TimeSpan pause;
            try
            {
                var reply = await TryOnceAsync(call, cancellationToken).ConfigureAwait(false);
                if (!reply.IsError || !TryFollow(call, reply, out pause))
                    return reply;
            }
            catch (ConnectionBrokenException error)
            {
                pause = PauseAfterBreak(call, error);
            }
            catch (ClientException error) when (call.MayHaveRun && !error.MayHaveRun)
            {
                // This try did not get through, but the fate of an earlier one is still open.
                throw call.Failure(error.Kind, error.Message, error);
            }
            if (pause > TimeSpan.Zero)
                await PauseAsync(call, pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits before a retry, and reads the map meanwhile: once it names another owner, whatever is left of the
    /// pause would only make the outage longer.</summary>
    private async Task PauseAsync(Call call, TimeSpan pause, CancellationToken cancellationToken)
    {
        var owner = OwnerOf(call);
        using var early = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(pause, early.Token);
        // A reading that is over at once belongs to a client that is being disposed.
        for (var reading = topology.RefreshAsync(); !reading.IsCompleted; reading = topology.RefreshAsync())
        {
            await Task.WhenAny(delay, reading).ConfigureAwait(false);
            if (delay.IsCompleted || OwnerOf(call) != owner)
                break;
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (OwnerOf(call) == owner)
            await delay.ConfigureAwait(false);
        await early.CancelAsync().ConfigureAwait(false);
    }

    private NodeAddress? OwnerOf(Call call) =>
        call.FixedNode is null && call.Command.Slot >= 0 ? topology.Map.RouteOf(call.Command.Slot)?.Master : null;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RespReply> TryOnceAsync(Call call, CancellationToken cancellationToken)
    {
        var node = ChooseNode(call, out var asReplica);
        var asking = call.AskedNode is not null;
        call.AskedNode = null;
        call.Node = node;
        var connection = await ConnectAsync(call, node, asReplica, cancellationToken).ConfigureAwait(false);
        call.Connection = connection;
        await connection.EnterAsync(cancellationToken).ConfigureAwait(false);
        var before = call.MayHaveRun;
        call.MayHaveRun = true;
        try
        {
            var reply = await connection.SendAsync(call.Command, call.Identity, asking, cancellationToken)
                .ConfigureAwait(false);
            call.MayHaveRun = before;
            return reply;
        }
        catch (ConnectionBrokenException error)
        {
            call.MayHaveRun = before || error.MayHaveRun;
            throw;
        }
        catch (ClientException)
        {
            call.MayHaveRun = before;
            throw;
        }
    }

    /// <summary>A node that vanished lets a dial hang for long; meanwhile the map may name who took over.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<NodeConnection> ConnectAsync(
        Call call, NodeAddress node, bool asReplica, CancellationToken cancellationToken)
    {
        var connecting = pool.GetAsync(node, asReplica, cancellationToken);
        if (connecting.IsCompleted)
            return await connecting.ConfigureAwait(false);
        var dial = connecting.AsTask();
        var owner = OwnerOf(call);
        await Task.WhenAny(dial, Task.Delay(s_dialUsual, cancellationToken)).ConfigureAwait(false);
        while (!dial.IsCompleted && topology.RefreshAsync() is { IsCompleted: false } reading)
        {
            await Task.WhenAny(dial, reading).ConfigureAwait(false);
            if (!dial.IsCompleted && OwnerOf(call) != owner)
                throw new ConnectionBrokenException($"{node} does not answer, another node took over", false, null);
        }
        return await dial.ConfigureAwait(false);
    }

    private NodeAddress ChooseNode(Call call, out bool asReplica)
    {
        asReplica = false;
        if (call.AskedNode is { } asked)
            return asked;
        if (call.FixedNode is { } fixedNode)
            return fixedNode;
        if (call.Command.Slot < 0 || topology.Map.RouteOf(call.Command.Slot) is not { } route)
            return topology.AnyNode();
        return followReadWeights && call.Command.Kind == CommandKind.Read
            ? route.NextReader(out asReplica)
            : route.Master;
    }

    /// <summary>False when the error is the answer.</summary>
    private bool TryFollow(Call call, in RespReply error, out TimeSpan pause)
    {
        pause = TimeSpan.Zero;
        var redirect = Redirect.Parse(error.Bytes.Span, call.Node!.Value);
        switch (redirect.Kind)
        {
            case RedirectKind.None:
                return false;
            case RedirectKind.Moved or RedirectKind.Ask when call.FixedNode is null:
                pause = FollowRedirect(call, redirect, error);
                return true;
            case RedirectKind.TryAgain or RedirectKind.Unknown:
                call.MayHaveRun |= redirect.Kind == RedirectKind.Unknown;
                pause = PauseBeforeRetry(call, error);
                return true;
            default:
                return false;
        }
    }

    private TimeSpan FollowRedirect(Call call, Redirect redirect, in RespReply error)
    {
        ClientMetrics.OnRedirect();
        call.Redirects++;
        if (redirect.Kind == RedirectKind.Moved)
        {
            topology.Map.Patch(redirect.Slot, redirect.Target);
            topology.RefreshAsync();
        }
        else
        {
            call.AskedNode = redirect.Target;
        }
        call.LastProblem = error.Text;
        if (!retries.MayTryAgain(call.Attempts))
            throw call.Failure(ClientErrorKind.TooManyRedirects, $"{call.Redirects} redirects, the last {error.Text}");
        return retries.PauseBeforeRedirect(call.Redirects);
    }

    private TimeSpan PauseBeforeRetry(Call call, in RespReply error)
    {
        topology.RefreshAsync();
        call.LastProblem = error.Text;
        if (!retries.MayTryAgain(call.Attempts) || (call.MayHaveRun && !call.IsRepeatable))
            throw call.Failure(ClientErrorKind.Unavailable, error.Text);
        ClientMetrics.OnRetry();
        return retries.PauseBefore(call.Waits++);
    }

    private TimeSpan PauseAfterBreak(Call call, ConnectionBrokenException error)
    {
        topology.RefreshAsync();
        call.LastProblem = error.Message;
        if (!retries.MayTryAgain(call.Attempts) || (call.MayHaveRun && !call.IsRepeatable))
            throw call.Failure(ClientErrorKind.ConnectionFailed, error.Message, error);
        ClientMetrics.OnRetry();
        return retries.PauseBefore(call.Waits++);
    }
}
