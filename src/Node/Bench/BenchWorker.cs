using System.Diagnostics;
using ShardStore.Resp;

namespace ShardStore.Node.Bench;

/// <summary>One of the connections of a load: makes batches, when they are due or as fast as replies come, until the
/// time is over; then, if asked, reads back what it wrote.</summary>
internal sealed class BenchWorker : IBenchCommands, IAsyncDisposable
{
    private readonly BenchRun _run;
    private readonly int _number;
    private readonly Random _random;
    private readonly BenchExchange _exchange;
    private readonly List<BenchOperation> _batch = [];
    private readonly WriteLedger? _ledger;
    private readonly byte[] _value;
    private double _nextDueS;

    internal BenchWorker(BenchRun run, int number)
    {
        _run = run;
        _number = number;
        _random = new Random(run.Options.Seed + number);
        _exchange = new BenchExchange(run.Topology, run.Tally, run.Options);
        _ledger = run.Options.Verify ? new WriteLedger() : null;
        _value = new byte[run.Options.ValueBytes];
        // Letters: no better to compress than text, and readable in a dump.
        for (var i = 0; i < _value.Length; i++)
            _value[i] = (byte)('a' + _random.Next(26));
        // Spread over the first interval, so that an even rate is even from the start.
        _nextDueS = number / Math.Max(run.RateAt(0), 1);
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && _run.ElapsedS < _run.Options.Seconds)
        {
            _batch.Clear();
            var errorsBefore = _run.Tally.Errors;
            if (_run.RateAt(_run.ElapsedS) > 0)
                await GatherDueAsync(cancellationToken).ConfigureAwait(false);
            else
                Gather(_run.Options.Pipeline);
            if (_batch.Count == 0)
                continue;
            await _exchange.RunAsync(_batch, this, cancellationToken).ConfigureAwait(false);
            // A server that refuses everything at once must not be hammered; it would only hide its recovery.
            if (_run.Tally.Errors > errorsBefore)
                await Task.Delay(5, cancellationToken).ConfigureAwait(false);
        }
    }

    internal Task<BenchReadBack> ReadBackAsync(CancellationToken cancellationToken) =>
        new BenchReadBack(_ledger!, _exchange, _run).RunAsync(cancellationToken);

    public int SlotOf(long key) => _run.SlotOf(key);

    public void Write(in BenchOperation operation, RespWriter output)
    {
        Span<byte> name = stackalloc byte[BenchRun.KeyBytesMax];
        var length = _run.Keys.Format(operation.Key, name);
        output.WriteArrayHeader(operation.IsWrite ? 3 : 2);
        output.WriteBulk(operation.IsWrite ? "SET"u8 : "GET"u8);
        output.WriteBulk(name[..length]);
        if (!operation.IsWrite)
            return;
        if (_ledger is not null)
            WriteLedger.FillValue(operation.Key, operation.Sequence, _value);
        output.WriteBulk(_value);
    }

    public void OnDone(in BenchOperation operation, in RespReply reply, long micros)
    {
        (operation.IsWrite ? _run.Tally.Writes : _run.Tally.Reads).Record(micros);
        if (operation.IsWrite)
            _ledger?.OnAcknowledged(operation.Key, operation.Sequence);
    }

    public void OnFailed(in BenchOperation operation, bool mayHaveRun)
    {
        if (operation.IsWrite)
            _ledger?.OnFailed(operation.Key, mayHaveRun);
    }

    public ValueTask DisposeAsync() => _exchange.DisposeAsync();

    private void Gather(int count)
    {
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
            Add(now, _run.ElapsedS);
    }

    /// <summary>All that is due by now, up to a batch. Waits when nothing is.</summary>
    private async Task GatherDueAsync(CancellationToken cancellationToken)
    {
        var nowS = _run.ElapsedS;
        if (_nextDueS > nowS)
        {
            // Not past the end: a rate near nothing must not hold up the run.
            var waitS = Math.Min(_nextDueS, _run.Options.Seconds) - nowS;
            await Task.Delay(TimeSpan.FromSeconds(Math.Clamp(waitS, 0, 1)), cancellationToken).ConfigureAwait(false);
            nowS = _run.ElapsedS;
        }
        while (_nextDueS <= nowS && _batch.Count < _run.Options.Pipeline)
        {
            Add(_run.TimestampAt(_nextDueS), _nextDueS);
            _nextDueS += _run.Options.Connections / Math.Max(_run.RateAt(_nextDueS), 0.1);
        }
    }

    private void Add(long dueTimestamp, double elapsedS)
    {
        var key = _run.Keys.NextKey(_random, elapsedS);
        var isWrite = _random.NextDouble() >= _run.Options.Reads;
        long sequence = 0;
        if (_ledger is not null && isWrite)
        {
            key = OwnKey(key);
            isWrite = _ledger.TryBegin(key, out sequence);
        }
        _batch.Add(new BenchOperation(key, isWrite, dueTimestamp, sequence));
    }

    /// <summary>The nearest key that only this worker writes.</summary>
    private long OwnKey(long key)
    {
        var own = key - (key % _run.Options.Connections) + _number;
        return own < _run.Keys.KeyCount ? own : own - _run.Options.Connections;
    }
}
