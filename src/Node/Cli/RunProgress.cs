using System.Diagnostics;
using ShardStore.Node.Cli.Ctl;

namespace ShardStore.Node.Cli;

/// <summary>Tells how far a long computation is: one line that changes on a terminal, a line a part otherwise. Safe
/// from any thread.</summary>
/// <param name="parts">What its parts are called.</param>
internal sealed class RunProgress(TextWriter output, bool isTerminal, bool isSilent, string parts)
{
    private const int LineColumns = 78;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly Lock _lock = new();
    private long _started;
    private long _drawn;
    private long _spent;
    private long _cost;
    private int _done;
    private int _parts;
    private bool _isOpen;

    /// <param name="cost">Of the whole, in any unit.</param>
    /// <param name="count">Of parts.</param>
    public void Begin(long cost, int count)
    {
        _started = Stopwatch.GetTimestamp();
        (_cost, _parts) = (cost, count);
    }

    public void Add(long cost)
    {
        var spent = Interlocked.Add(ref _spent, cost);
        if (!isTerminal || Stopwatch.GetElapsedTime(Volatile.Read(ref _drawn)) < Interval)
            return;
        lock (_lock)
        {
            Volatile.Write(ref _drawn, Stopwatch.GetTimestamp());
            output.Write("\r" + Line(spent).PadRight(LineColumns));
            _isOpen = true;
        }
    }

    public void Done(string part)
    {
        lock (_lock)
        {
            _done++;
            if (!isTerminal && !isSilent)
                output.WriteLine($"{_done} of {_parts}: {part}");
        }
    }

    /// <summary>Takes the line that changes away: what comes next is said by somebody else.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_isOpen)
                output.Write("\r" + new string(' ', LineColumns) + "\r");
            _isOpen = false;
        }
    }

    private string Line(long spent)
    {
        var elapsed = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var share = spent / (double)_cost;
        return $"  {Quantity.Share(share)}, {_done} of {_parts} {parts}, "
            + $"{Quantity.Seconds(elapsed * (1 - share) / share)} left";
    }
}
