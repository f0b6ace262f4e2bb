using ShardStore.Node.Commands;
using ShardStore.Resp;

namespace ShardStore.Node.Server;

/// <summary>A command kept between MULTI and EXEC.</summary>
public sealed record QueuedCommand(CommandSpec Spec, RespArguments Arguments);

/// <summary>A key and the version it had when WATCH saw it; 0 = it did not exist.</summary>
public sealed record WatchedKey(byte[] Key, ulong Version);

/// <summary>MULTI and WATCH of one connection. The reading loop's, except that the versions of watched keys arrive
/// on other threads: into a list that is given up, not emptied, when the watches end, so that late ones go nowhere.
/// </summary>
public sealed class TransactionState
{
    private List<WatchedKey> _watched = [];
    private List<QueuedCommand> _queue = [];

    public bool IsOpen { get; private set; }

    /// <summary>A command was refused while queuing: EXEC will be, too.</summary>
    public bool IsBroken { get; private set; }

    public List<QueuedCommand> Queue => _queue;
    public IReadOnlyList<WatchedKey> Watched => _watched;

    /// <summary>WATCH was sent; its versions may not be here yet.</summary>
    public bool HasWatches { get; set; }

    public void Open() => IsOpen = true;

    public void Break() => IsBroken |= IsOpen;

    /// <summary>The list that versions are to be added to, under its lock.</summary>
    public List<WatchedKey> BeginWatch() => _watched;

    public void Unwatch()
    {
        _watched = [];
        HasWatches = false;
    }

    /// <summary>Ends the transaction and hands out what it was.</summary>
    public (List<WatchedKey> Watched, List<QueuedCommand> Queue) Take()
    {
        var taken = (_watched, _queue);
        Discard();
        return taken;
    }

    public void Discard()
    {
        IsOpen = false;
        IsBroken = false;
        _queue = [];
        Unwatch();
    }
}
