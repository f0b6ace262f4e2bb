using System.Diagnostics;
using ShardStore.Node.Cli.Ctl;

namespace ShardStore.Node.Backup;

/// <summary>Tells how far long work is: one line that changes on a terminal, a line for each part otherwise, nothing
/// where only JSON is wanted. Safe from any thread.</summary>
internal sealed class WorkProgress(TextWriter output, bool isTerminal, bool isSilent)
{
    private const int LineColumns = 78;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly Lock _lock = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private string _doing = "";
    private long _stepStarted = Stopwatch.GetTimestamp();
    private long _drawn;
    private long _done;
    private long _total;
    private bool _isOpen;

    public double Seconds => Stopwatch.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Something of its own that takes a while. <paramref name="totalBytes"/> 0: not known.</summary>
    public void Begin(string doing, long totalBytes)
    {
        lock (_lock)
        {
            (_doing, _total, _done) = (doing, totalBytes, 0);
            _stepStarted = Stopwatch.GetTimestamp();
        }
    }

    public void Add(long bytes)
    {
        lock (_lock)
        {
            _done += bytes;
            if (isSilent || !isTerminal || Stopwatch.GetElapsedTime(_drawn) < Interval)
                return;
            _drawn = Stopwatch.GetTimestamp();
            output.Write("\r" + Line().PadRight(LineColumns));
            _isOpen = true;
        }
    }

    /// <summary>One part of many is done: not worth a line of its own where the line changes.</summary>
    public void Part(string line)
    {
        if (!isTerminal)
            Say(line);
    }

    public void Say(string line)
    {
        lock (_lock)
        {
            if (isSilent)
                return;
            Wipe();
            output.WriteLine(line);
        }
    }

    /// <summary>Takes the line that changes away: what comes next is said by somebody else.</summary>
    public void End()
    {
        lock (_lock)
            Wipe();
    }

    private void Wipe()
    {
        if (_isOpen)
            output.Write("\r" + new string(' ', LineColumns) + "\r");
        _isOpen = false;
    }

    private string Line()
    {
        var rate = _done / Math.Max(0.001, Stopwatch.GetElapsedTime(_stepStarted).TotalSeconds);
        var line = $"  {_doing}: {Quantity.Bytes(_done)}";
        if (_total > 0)
            line += $" of {Quantity.Bytes(_total)}";
        line += $", {Quantity.Bytes(rate)}/s";
        return _total > 0 && rate > 0
            ? line + $", {Quantity.Seconds(Math.Max(0, _total - _done) / rate)} left"
            : line;
    }
}
