using System.Diagnostics;
using System.Runtime.CompilerServices;
using ShardStore.Client.Connections;
using ShardStore.Resp;

namespace ShardStore.Client.Requests;

/// <summary>Where calls come in: gives each its deadline, each write its identity, and turns what happened into what
/// the caller was promised (reads throw, writes tell).</summary>
internal sealed class CallGate(ClientOptions options, CallRunner runner, LanePool lanes)
{
    private volatile bool _disposed;

    /// <summary>True while the servers are known to take the exactly-once wrapper.</summary>
    internal bool AppliesOnce { get; set; }

    internal void Close() => _disposed = true;

    /// <summary>Runs a call that throws when it does not succeed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<RespReply> AskAsync(
        Call call, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        var limit = Begin(deadline, out var started);
        using var source = new DeadlineSource(limit, cancellationToken);
        try
        {
            var reply = await runner.RunAsync(call, source.Token).ConfigureAwait(false);
            return reply.IsError ? throw call.Failure(ClientErrorKind.Refused, reply.Text) : reply;
        }
        catch (Exception error) when (IsTimeOut(error, cancellationToken))
        {
            throw TimeOut(call, limit, error);
        }
        catch (RespReplyFormatException error)
        {
            throw call.Failure(ClientErrorKind.Protocol, error.Message, error);
        }
        finally
        {
            ClientMetrics.OnEnd(call.Command.Name, started);
        }
    }

    /// <summary>Runs a write and tells its outcome.</summary>
    internal async ValueTask<KvResult<T>> WriteAsync<T>(
        ClientCommand command, Func<RespReply, KvResult<T>> read, TimeSpan? deadline,
        CancellationToken cancellationToken)
    {
        try
        {
            var reply = await WriteOrThrowAsync(command, deadline, cancellationToken).ConfigureAwait(false);
            return read(reply);
        }
        catch (ClientException error)
        {
            var outcome = error.MayHaveRun ? KvOutcome.Unknown : KvOutcome.NotDone;
            return new KvResult<T>(outcome, default!, error);
        }
    }

    /// <summary>Runs a write, under an identity where the servers know how, and throws when it does not succeed.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<RespReply> WriteOrThrowAsync(
        ClientCommand command, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        var limit = Begin(deadline, out var started);
        using var source = new DeadlineSource(limit, cancellationToken);
        var call = new Call(command, RequestIdentity.None);
        WriteLane? lane = null;
        try
        {
            lane = await lanes.RentAsync(source.Token).ConfigureAwait(false);
            if (AppliesOnce)
                call = new Call(command, new RequestIdentity(lanes.ClientId, lane.Number, lane.NextRequest()));
            var reply = await runner.RunAsync(call, source.Token).ConfigureAwait(false);
            if (IsWrapperUnknown(call, reply))
            {
                AppliesOnce = false;
                call = new Call(command, RequestIdentity.None);
                reply = await runner.RunAsync(call, source.Token).ConfigureAwait(false);
            }
            if (!reply.IsError)
                return reply;
            // A duplicate whose first reply was too long to be kept: applied, but what it answered is gone.
            call.MayHaveRun |= reply.Bytes.Span.StartsWith("SHARDSTORE.APPLIED"u8);
            throw call.Failure(ClientErrorKind.Refused, reply.Text);
        }
        catch (Exception error) when (IsTimeOut(error, cancellationToken))
        {
            throw TimeOut(call, limit, error);
        }
        finally
        {
            if (lane is not null)
                lanes.Return(lane);
            ClientMetrics.OnEnd(command.Name, started);
        }
    }

    private TimeSpan Begin(TimeSpan? deadline, out long started)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(ShardStoreClient));
        var limit = deadline ?? options.Deadline;
        if (limit <= TimeSpan.Zero || limit > TimeSpan.FromHours(1))
            throw new ArgumentOutOfRangeException(
                nameof(deadline), limit, $"deadline {limit} is not in more than zero to 1 h");
        ClientMetrics.OnStart();
        started = Stopwatch.GetTimestamp();
        return limit;
    }

    /// <summary>A server that joined later may be older than the one that was asked at the start.</summary>
    private static bool IsWrapperUnknown(Call call, in RespReply reply) =>
        reply.IsError && !call.Identity.IsNone && !call.MayHaveRun
        && reply.Bytes.Span.StartsWith("ERR unknown command 'SHARDSTORE.ONCE'"u8);

    private static bool IsTimeOut(Exception error, CancellationToken callerToken) =>
        error is OperationCanceledException && !callerToken.IsCancellationRequested;

    private ClientException TimeOut(Call call, TimeSpan limit, Exception error)
    {
        if (_disposed)
            return call.Failure(ClientErrorKind.Disposed, "the client was disposed", error);
        ClientMetrics.OnTimeout();
        return call.TimeOut(limit, lanes.InUse, error);
    }
}
