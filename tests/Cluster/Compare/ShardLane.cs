using System.Diagnostics;
using ShardStore.Node.Bench;
using ShardStore.Node.Demo;
using ShardStore.Resp;

namespace ShardStore.Cluster.Tests.Compare;

/// <summary>One connection's part of the requests to one shard. What it asks and when follows from its number and the
/// plan alone. A late request counts from the moment it was due, and so does one that failed or was never sent, up to
/// the moment that was clear.</summary>
internal sealed class ShardLane : IBenchCommands, IAsyncDisposable
{
    /// <summary>Most requests sent before their replies are read. Only a lane that is behind gets there.</summary>
    private const int BatchMax = 4;

    /// <summary>After the end: what was due and could not be sent until then is given up and counts as an error.
    /// Unit: seconds.</summary>
    private const double GraceSeconds = 5;

    private readonly DemoLoad _load;
    private readonly LaneTimes _times;
    private readonly int _shard;
    private readonly LatencyHistogram _lag;
    private readonly EvenDraw _draw;
    private readonly BenchExchange _exchange;
    private readonly List<BenchOperation> _batch = [];
    private double _dueS;

    /// <param name="load">What the lanes share.</param>
    /// <param name="plan">How much is asked when.</param>
    /// <param name="shard">The shard that is asked.</param>
    /// <param name="number">Of the lane among those of its shard, from 0.</param>
    /// <param name="lag">Where it tells how late it was by its own fault.</param>
    public ShardLane(DemoLoad load, DemoLoadPlan plan, int shard, int number, LatencyHistogram lag)
    {
        (_load, _shard, _lag) = (load, shard, lag);
        _times = new LaneTimes(
            second => plan.RateOfShardAt(shard, second) / CompareLoad.LanesAShard, plan.Seconds,
            (number + (shard / (double)plan.Shards)) / CompareLoad.LanesAShard);
        _draw = new EvenDraw((shard * CompareLoad.LanesAShard) + number);
        _exchange = new BenchExchange(load.Topology, load.Traffic.Tally, load.Options);
        _dueS = _times.Next();
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (_dueS < _load.Seconds)
        {
            var nowS = _load.ElapsedS;
            if (nowS > _load.Seconds + GraceSeconds)
            {
                GiveUp();
                return;
            }
            if (_dueS > nowS)
            {
                await Task.Delay(TimeSpan.FromSeconds(_dueS - nowS), stop).ConfigureAwait(false);
                if (_load.ElapsedS >= _dueS)
                    _lag.Record((long)((_load.ElapsedS - _dueS) * 1e6));
                continue;
            }
            _batch.Clear();
            while (_dueS <= nowS && _dueS < _load.Seconds && _batch.Count < BatchMax)
                _batch.Add(Next());
            await _exchange.RunAsync(_batch, this, stop).ConfigureAwait(false);
        }
    }

    public int SlotOf(long key) => _load.Keys.SlotOf(key);

    public void Write(in BenchOperation operation, RespWriter output)
    {
        if (operation.IsWrite)
            _load.Keys.WriteWrite(operation.Key, output);
        else
            _load.Keys.WriteRead(operation.Key, output);
    }

    public void OnDone(in BenchOperation operation, in RespReply reply, long micros) =>
        _load.Traffic.OnDone(_load.SecondsAt(operation.DueTimestamp), micros);

    public void OnFailed(in BenchOperation operation, bool mayHaveRun)
    {
        _load.OnFailed(operation.DueTimestamp);
        var waited = Stopwatch.GetElapsedTime(operation.DueTimestamp);
        _load.Traffic.OnDone(_load.SecondsAt(operation.DueTimestamp), (long)waited.TotalMicroseconds);
    }

    public ValueTask DisposeAsync() => _exchange.DisposeAsync();

    private BenchOperation Next()
    {
        var page = DemoKeys.PageOf(_shard, _draw.Next(1));
        var isWrite = _draw.Next(2) < DemoKeys.WriteShare;
        _draw.Advance();
        _load.Traffic.OnOffered(page, isWrite, _dueS);
        var operation = new BenchOperation(page, isWrite, _load.TimestampAt(_dueS), 0);
        _dueS = _times.Next();
        return operation;
    }

    private void GiveUp()
    {
        while (_dueS < _load.Seconds)
        {
            _load.Traffic.Tally.OnError("not sent in time");
            OnFailed(Next(), mayHaveRun: false);
        }
    }
}
