using ShardStore.Node.Replication;
using ShardStore.Storage;

namespace ShardStore.Node.Scrubbing;

/// <summary>Reads all that lies at rest on this node again, for ever: the newest checkpoint of each replica, then the
/// log. One piece at a time, in the background, at a rate that leaves the disk to the clients. What it finds goes to
/// the damage board, or is kept by the log itself. Owned by the loop.</summary>
public sealed class Scrubber(ReplicaHost host)
{
    private const int PieceBytes = 256 << 10;
    private readonly Queue<ulong> _groups = new();
    private readonly long _startedMicros = host.NowMicros;
    private IScrub? _reading;
    private ReplicaGroup? _group;
    private uint _generation;
    private bool _busy;
    private bool _passing;
    private bool _logDone;
    private long _lastTickMicros = host.NowMicros;
    private long _nextPassMicros;
    private long _wholeMicros;
    private double _budgetBytes;

    /// <summary>Bytes read again since the start.</summary>
    public long BytesRead { get; private set; }

    public long Passes { get; private set; }

    /// <summary>Since the last whole pass, or the start. Unit: ms.</summary>
    public long PassAgeMs => (host.NowMicros - (Passes > 0 ? _wholeMicros : _startedMicros)) / 1000;

    private long RateBytes => host.Options.ScrubBytesPerSecond;

    public void Tick(long nowMicros)
    {
        if (RateBytes == 0)
            return;
        var elapsed = Math.Max(0, nowMicros - _lastTickMicros) / 1e6;
        _lastTickMicros = nowMicros;
        // What was not used is lost but for one piece, so that a pause is not made up for at once.
        _budgetBytes = Math.Min(Math.Max(PieceBytes, RateBytes / 10.0), _budgetBytes + (elapsed * RateBytes));
        if (!_busy && _budgetBytes > 0 && (_passing || nowMicros >= _nextPassMicros))
            ReadOn(nowMicros);
    }

    private void ReadOn(long nowMicros)
    {
        if (!_passing)
            BeginPass(nowMicros);
        if (_reading is null && !TryOpenNext())
        {
            EndPass(nowMicros);
            return;
        }
        var reading = _reading!;
        var read = 0;
        _busy = true;
        host.Background.Run(() => read = reading.Read(PieceBytes), failure => OnRead(read, failure));
    }

    private void BeginPass(long nowMicros)
    {
        _passing = true;
        _logDone = false;
        foreach (var group in host.Groups)
            _groups.Enqueue(group.Id);
        // Little data is not read over and over: a pass takes as long as one over the least amount.
        _nextPassMicros = nowMicros + (long)(1e6 * host.Options.ScrubPassBytesMin / RateBytes);
    }

    private void EndPass(long nowMicros)
    {
        _passing = false;
        _wholeMicros = nowMicros;
        Passes++;
    }

    private bool TryOpenNext()
    {
        while (_groups.TryDequeue(out var id))
        {
            if (host.Group(id) is { } group && host.Damage.IsSound(group) && TryOpen(group))
                return true;
        }
        if (_logDone)
            return false;
        _logDone = true;
        _group = null;
        _reading = host.Log.OpenScrub();
        return true;
    }

    private bool TryOpen(ReplicaGroup group)
    {
        try
        {
            _reading = group.Machine.Store.OpenScrub();
        }
        catch (StorageCorruptException damage)
        {
            host.Damage.Report(group, damage);
        }
        (_group, _generation) = (group, group.Identity.Generation);
        return _reading is not null;
    }

    private void OnRead(int read, Exception? failure)
    {
        _busy = false;
        _budgetBytes -= read;
        BytesRead += read;
        if (failure is StorageCorruptException damage)
            OnDamage(damage);
        else if (failure is not null)
            host.NoteBackground(_group ?? host.Groups.First(), "reading again what lies at rest", failure);
        // The log goes on behind what is damaged; a damaged store is replaced as a whole.
        var goesOn = failure is null ? read > 0 : _group is null && failure is StorageCorruptException;
        if (goesOn)
            return;
        _reading!.Dispose();
        _reading = null;
    }

    private void OnDamage(StorageCorruptException damage)
    {
        // A store that was replaced meanwhile may be as damaged as it likes.
        if (_group is { } group && group.Identity.Generation == _generation && host.Group(group.Id) == group)
            host.Damage.Report(group, damage);
    }
}
