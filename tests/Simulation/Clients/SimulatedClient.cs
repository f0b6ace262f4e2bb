using ShardStore.Resp;
using ShardStore.Simulation.Nodes;
using ShardStore.Simulation.World;

namespace ShardStore.Simulation.Clients;

/// <summary>One client: an operation at a time, to the node it believes in, along redirects, until it is answered or
/// its patience ends.</summary>
public sealed class SimulatedClient(SimulatedCluster cluster, History history, OperationDraw draw, int number)
{
    public const ushort Lane = 1;
    private const long PatienceMicros = 2_500_000;

    /// <summary>Longer than a node waits for a write: then the node says that its outcome is not known, and not the
    /// client.</summary>
    private const long LongPatienceMicros = 8_000_000;
    private const long LongPauseMicrosMax = 5_000_000;
    private const int AttemptsMax = 40;
    private readonly SimulatedWorld _world = cluster.World;
    private ulong _onceNumber;
    private Operation? _current;
    private int _attempt;
    private int _attempts;
    private bool _mayHaveRun;
    private int _target = 1;

    /// <summary>No new operations; the one under way is brought to an end.</summary>
    public bool Stopping { get; set; }

    public bool IsIdle => _current is null;

    public void Start() => _world.Events.After(_world.Between(1_000, 300_000), Next);

    /// <summary>Does one operation now; <see cref="IsIdle"/> tells when it is over.</summary>
    public void Do(Operation operation)
    {
        _current = operation;
        _attempts = 0;
        _mayHaveRun = false;
        operation.CalledAt = _world.NextStamp();
        history.Add(operation);
        if (operation.LifeMs > 0)
            ExpectExpiry(operation);
        Attempt();
    }

    /// <summary>The same, sent to a certain node first.</summary>
    public void DoAt(int node, Operation operation)
    {
        _target = node;
        Do(operation);
    }

    private void ExpectExpiry(Operation operation)
    {
        if (cluster.WallClocksJump)
            history.Add(operation.Expiry(operation.CalledAt));
        else
            _world.Events.After(operation.LifeMs * 1000, () => history.Add(operation.Expiry(_world.NextStamp())));
    }

    private void Next()
    {
        if (Stopping)
            return;
        var operation = draw.Next(ref _onceNumber);
        if (operation.FromReplica)
            _target = cluster.RandomNode();
        Do(operation);
    }

    private void Attempt()
    {
        var attempt = ++_attempt;
        if (++_attempts > AttemptsMax && _current!.OnceNumber == 0)
        {
            GiveUp();
            return;
        }
        var node = cluster.Node(_target);
        var patience = _world.Seed % 4 == 3 ? LongPatienceMicros : PatienceMicros;
        if (_world.Chance(cluster.ReplyLoss))
        {
            _world.Counters.Count("fault: reply lost");
            patience = _world.Between(100, 20_000);
        }
        _world.Events.After(patience, () => OnEnd(attempt, null));
        _world.Events.After(_world.Between(50, 800), () =>
        {
            if (attempt != _attempt)
                return;
            if (!node.IsAlive)
                TryElsewhere();
            else
                Send(node, attempt);
        });
    }

    private void Send(SimulatedNode node, int attempt)
    {
        var operation = _current!;
        if (operation.OnceNumber > 0)
            RetryWatch.Look(_world, operation, number, node);
        node.Submit(new PendingRequest(
            _world, Words(operation), operation.FromReplica, reply => OnEnd(attempt, reply)));
    }

    private string[] Words(Operation operation)
    {
        string[] words = operation.Kind switch
        {
            OperationKind.Get => ["SHARDSTORE.GETV", operation.Key],
            OperationKind.Set when operation.LifeMs > 0 =>
                ["SET", operation.Key, operation.Value!, "PX", $"{operation.LifeMs}"],
            OperationKind.Set => ["SET", operation.Key, operation.Value!],
            OperationKind.Delete => ["DEL", operation.Key],
            OperationKind.CompareAndSet =>
                ["SHARDSTORE.CAS", operation.Key, operation.ExpectedVersion, operation.Value!],
            _ => ["INCR", operation.Key],
        };
        return operation.OnceNumber == 0
            ? words
            : ["SHARDSTORE.ONCE", $"{number}", $"{Lane}", $"{operation.OnceNumber}", .. words];
    }

    private void OnEnd(int attempt, RespReply? reply)
    {
        if (attempt != _attempt || _current is null)
            return;
        if (reply is not { } answer)
            OnUnknown();
        else if (answer.IsError)
            OnError(answer.Text);
        else
            OnAnswer(answer);
    }

    private void OnError(string error)
    {
        if (error.StartsWith("MOVED ", StringComparison.Ordinal))
        {
            _target = int.Parse(error[(error.LastIndexOf(':') + 1)..]) - 7000;
            _world.Counters.Count("redirects");
            _attempt++;
            _world.Events.After(_world.Between(100, 5_000), Attempt);
        }
        else if (error.StartsWith("SHARDSTORE.UNKNOWN", StringComparison.Ordinal))
        {
            OnUnknown();
        }
        else if (error.StartsWith("CLUSTERDOWN", StringComparison.Ordinal)
            || error.StartsWith("SHARDSTORE.OVERLOADED", StringComparison.Ordinal))
        {
            // Before a cluster is founded, and its shards have leaders, nothing can be served.
            if (history.ByKey[_current!.Key].Exists(operation => operation.IsKnown))
                _world.Counters.Count("refusals");
            TryElsewhere();
        }
        else
        {
            SimulatedWorld.Fail($"client {number} heard '{error}' to {_current}");
        }
    }

    private void OnUnknown()
    {
        _mayHaveRun = true;
        if (_current!.OnceNumber == 0 && _current.Kind != OperationKind.Get)
            GiveUp();
        else if (_current.OnceNumber > 0 && _world.Chance(0.6))
            TryAfterMove(++_attempt, _world.NowMicros + LongPauseMicrosMax);
        else
            TryElsewhere();
    }

    private void TryElsewhere()
    {
        _target = cluster.RandomNode();
        _attempt++;
        _world.Events.After(_world.Between(2_000, 100_000), Attempt);
    }

    // A client that was away for long: meanwhile the shard has moved, so that others must know what was done.
    private void TryAfterMove(int attempt, long untilMicros)
    {
        if (attempt != _attempt)
            return;
        if (_world.NowMicros >= untilMicros || cluster.Alive.Any(node => RetryWatch.HasMoved(_current!, node)))
            TryElsewhere();
        else
            _world.Events.After(_world.Between(50_000, 300_000), () => TryAfterMove(attempt, untilMicros));
    }

    private void GiveUp()
    {
        _attempt++;
        var operation = _current!;
        _current = null;
        _world.Trace.Add(operation.ToString());
        if (!_mayHaveRun || operation.Kind == OperationKind.Get)
            history.Remove(operation);
        else
            _world.Counters.Count("unknown outcomes");
        ThinkThenNext();
    }

    private void OnAnswer(RespReply answer)
    {
        var operation = _current!;
        _attempt++;
        _current = null;
        operation.Result = ResultOf(operation.Kind, answer);
        operation.ReturnedAt = _world.NextStamp();
        _world.Trace.Add(operation.ToString());
        _world.Counters.Count("operations");
        var isRegister = operation.Key[0] == 'r';
        if (operation.Kind == OperationKind.Get && isRegister && !Stopping && _world.Chance(0.15))
            Do(draw.After(operation, answer.Items.Span[1].Text));
        else
            ThinkThenNext();
    }

    private static string? ResultOf(OperationKind kind, RespReply answer) => kind switch
    {
        OperationKind.Get => answer.Items.Span[0].IsNull ? null : answer.Items.Span[0].Text,
        OperationKind.CompareAndSet => answer.Kind == RespReplyKind.Integer ? "ok" : "no",
        _ => answer.Text,
    };

    private void ThinkThenNext()
    {
        if (!Stopping)
            _world.Events.After(_world.Between(1_000, 150_000), Next);
    }
}
