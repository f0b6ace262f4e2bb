using System.Diagnostics;
using ShardStore.Node.Bench;
using ShardStore.Resp;

namespace ShardStore.Node.Demo;

/// <summary>One of the connections of the demo's load. What it asks and when follows from its number and the script
/// alone, however long answers take; a late request counts from the moment it was due.</summary>
internal sealed class DemoWorker : IBenchCommands, IAsyncDisposable
{
    /// <summary>Most requests sent before their replies are read. Only a worker that is behind gets there.</summary>
    private const int BatchMax = 16;

    /// <summary>After the end: what was due and could not be sent until then is given up and counts as an error.
    /// Unit: seconds.</summary>
    private const double GraceSeconds = 5;

    private readonly DemoLoad _load;
    private readonly EvenDraw _draw;
    private readonly BenchExchange _exchange;
    private readonly List<BenchOperation> _batch = [];
    private double _nextDueS;

    public DemoWorker(DemoLoad load, int number)
    {
        _load = load;
        _draw = new EvenDraw(number);
        _exchange = new BenchExchange(load.Topology, load.Traffic.Tally, load.Options);
        // Spread over the first interval, so that an even rate is even from the start.
        _nextDueS = number / load.RateAt(0);
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (_nextDueS < _load.Seconds)
        {
            var nowS = _load.ElapsedS;
            if (nowS > _load.Seconds + GraceSeconds)
            {
                GiveUp();
                return;
            }
            if (_nextDueS > nowS)
            {
                await Task.Delay(TimeSpan.FromSeconds(_nextDueS - nowS), stop).ConfigureAwait(false);
                continue;
            }
            _batch.Clear();
            while (_nextDueS <= nowS && _nextDueS < _load.Seconds && _batch.Count < BatchMax)
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

    public void OnFailed(in BenchOperation operation, bool mayHaveRun) => _load.OnFailed(operation.DueTimestamp);

    public ValueTask DisposeAsync() => _exchange.DisposeAsync();

    private BenchOperation Next()
    {
        var page = DemoKeys.PageOf(_load.ShardAt(_nextDueS, _draw.Next(0)), _draw.Next(1));
        var isWrite = _draw.Next(2) < DemoKeys.WriteShare;
        _draw.Advance();
        _load.Traffic.OnOffered(page, isWrite, _nextDueS);
        var operation = new BenchOperation(page, isWrite, _load.TimestampAt(_nextDueS), 0);
        _nextDueS += DemoLoad.Workers / _load.RateAt(_nextDueS);
        return operation;
    }

    private void GiveUp()
    {
        while (_nextDueS < _load.Seconds)
        {
            _load.Traffic.Tally.OnError("not sent in time");
            OnFailed(Next(), mayHaveRun: false);
        }
    }
}
