using ShardStore.Client.Connections;

namespace ShardStore.Client.Requests;

/// <summary>One call from its start to its end, over all its tries. Used by one caller's flow at a time.</summary>
internal sealed class Call(ClientCommand command, RequestIdentity identity)
{
    internal ClientCommand Command { get; } = command;

    internal RequestIdentity Identity { get; } = identity;

    /// <summary>Where it must run, whoever owns its slot; null to follow the map.</summary>
    internal NodeAddress? FixedNode { get; init; }

    /// <summary>Where the next try goes by an ASK.</summary>
    internal NodeAddress? AskedNode { get; set; }

    internal int Attempts { get; set; }

    internal int Redirects { get; set; }

    internal int Waits { get; set; }

    /// <summary>True from the moment a command was queued until its fate is known. Once a try's fate cannot be known
    /// it stays true, unless a later try brings the answer.</summary>
    internal bool MayHaveRun { get; set; }

    internal NodeAddress? Node { get; set; }

    internal NodeConnection? Connection { get; set; }

    internal string? LastProblem { get; set; }

    /// <summary>True when a lost answer may be asked for again without harm.</summary>
    internal bool IsRepeatable => Command.Kind == CommandKind.Read || !Identity.IsNone;

    internal ClientException Failure(ClientErrorKind kind, string problem, Exception? inner = null)
    {
        var node = Node is { } address ? $" at {address}" : "";
        var tries = Attempts == 1 ? "1 try" : $"{Attempts} tries";
        return new ClientException(
            kind, $"{Command.NameText}{node} failed after {tries}: {problem}", MayHaveRun && Command.Kind
            != CommandKind.Read, inner)
        { Node = Node };
    }

    /// <summary>Everything that helps to find out why it took so long: this client, its thread pool, or the node.
    /// </summary>
    internal ClientException TimeOut(TimeSpan deadline, int lanesInUse, Exception inner)
    {
        var place = Connection is { } line
            ? $"{line.InFlight} commands in flight to {line.Address}, {line.UnsentBytes} bytes unsent, "
                + $"silent for {line.SilentMs(Environment.TickCount64)} ms"
            : "no connection yet";
        var pool = $"thread pool: {ThreadPool.ThreadCount} threads, {ThreadPool.PendingWorkItemCount} items queued";
        var problem = LastProblem is null ? "" : $"; last problem: {LastProblem}";
        return Failure(
            ClientErrorKind.TimedOut,
            $"no answer within {(long)deadline.TotalMilliseconds} ms ({place}; {lanesInUse} write lanes in use; "
                + $"{pool}{problem})",
            inner);
    }
}
