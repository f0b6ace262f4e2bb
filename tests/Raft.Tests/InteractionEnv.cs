using System.Globalization;
using System.Text;

namespace ShardStore.Raft.Tests;

/// <summary>A small world of replicas under virtual time, moved by the commands of a script. Nothing happens but what
/// a command does; messages lie in one ordered list until they are delivered, dropped or lost to a cut.</summary>
internal sealed class InteractionEnv
{
    private readonly SortedDictionary<ulong, SimulatedReplica> _replicas = [];
    private readonly List<Message> _wire = [];
    private readonly HashSet<(ulong From, ulong To)> _cuts = [];
    private readonly HashSet<ulong> _unsynced = [];
    private readonly StringBuilder _output = new();
    private RaftOptions _options = new();
    private long _nowMicros = 1_000_000_000;
    private bool _isQuiet;

    public string Execute(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _output.Clear();
        if (!TryRunWorld(words) && !TryRunReplica(words) && !TryShow(words))
        {
            throw new FormatException($"unknown command: {line}");
        }

        return _output.ToString();
    }

    private bool TryRunWorld(string[] words)
    {
        switch (words[0])
        {
            case "options": SetOptions(words[1..]); break;
            case "quiet": _isQuiet = true; break;
            case "loud": _isQuiet = false; break;
            case "add-nodes": AddNodes(Number(words[1]), words[2..]); break;
            case "deliver": Deliver(words.Length > 1 ? Number(words[1]) : 0); break;
            case "stabilize": Stabilize(); break;
            case "drop": Drop(words); break;
            case "cut": Cut(words, true); break;
            case "heal": Cut(words, false); break;
            case "tick": TickAll(Number(words[1]), words[2..]); break;
            case "run": Run(Number(words[1])); break;
            case "pass": _nowMicros += (long)Number(words[1]) * 1000; break;
            default: return false;
        }

        return true;
    }

    private bool TryRunReplica(string[] words)
    {
        if (words.Length < 2 || !_replicas.TryGetValue(IdOf(words[1]), out SimulatedReplica? replica))
        {
            return false;
        }

        switch (words[0])
        {
            case "campaign": replica.Node.Campaign(_nowMicros); break;
            case "propose": Propose(replica, words[2]); break;
            case "membership": ProposeMembership(replica, words[2..]); break;
            case "transfer": replica.Node.TransferLeadership(new ReplicaId(Number(words[2])), _nowMicros); break;
            case "read": replica.Node.ReadIndex(Number(words[2]), _nowMicros); break;
            case "wake": replica.Node.Wake(_nowMicros); break;
            case "unreachable": replica.Node.ReportUnreachable(new ReplicaId(Number(words[2]))); break;
            case "ready": Ready(replica); break;
            case "no-sync": _unsynced.Add(replica.Self.Value); break;
            case "sync": Sync(replica); break;
            case "crash": replica.Crash(); break;
            case "restart": replica.Restart(_nowMicros); break;
            case "checkpoint": replica.TakeCheckpoint(); break;
            case "compact": replica.Compact(words.Length > 2 ? Number(words[2]) : 0); break;
            case "snapshot": SendSnapshot(replica, _replicas[Number(words[2])]); break;
            case "snapshot-failed": ReportFailure(replica, new ReplicaId(Number(words[2]))); break;
            default: return false;
        }

        Collect(replica);
        return true;
    }

    private bool TryShow(string[] words)
    {
        IEnumerable<SimulatedReplica> shown = words.Length > 1 && words[0] != "wire"
            ? [_replicas[Number(words[1])]] : _replicas.Values;
        switch (words[0])
        {
            case "status": shown.ToList().ForEach(ShowStatus); break;
            case "log": shown.ToList().ForEach(it => Say($"{it.Self} base {it.Log.Base.Index} {Entries(it)}")); break;
            case "progress": shown.ToList().ForEach(ShowProgress); break;
            case "lease": shown.ToList().ForEach(it => Say($"{it.Self} lease {it.Node.HoldsLease(_nowMicros)}")); break;
            case "wire": _wire.ForEach(message => Say(MessageText.Of(message))); break;
            default: return false;
        }

        return true;
    }

    private void SetOptions(string[] settings)
    {
        foreach (string setting in settings)
        {
            string[] pair = setting.Split('=');
            int value = int.Parse(pair[1], CultureInfo.InvariantCulture);
            _options = pair[0] switch
            {
                "inflight-messages" => _options with { MaxInflightMessages = value },
                "inflight-bytes" => _options with { MaxInflightBytes = value },
                "append-bytes" => _options with { MaxAppendBytes = value },
                "uncommitted-bytes" => _options with { MaxUncommittedBytes = value },
                "committed-bytes" => _options with { MaxCommittedBytes = value },
                "pending-reads" => _options with { MaxPendingReads = value },
                "quiesce-after" => _options with { Quiesce = true, QuiesceAfterHeartbeats = value },
                _ => throw new FormatException($"unknown option: {setting}"),
            };
        }
    }

    // add-nodes COUNT [empty | learners COUNT]: the first call founds the group; later nodes wait to be added.
    private void AddNodes(ulong count, string[] words)
    {
        ulong first = (ulong)_replicas.Count + 1;
        ulong learners = words is ["learners", var some] ? Number(some) : 0;
        ReplicaId[] ids = [.. Enumerable.Range((int)first, (int)count).Select(id => new ReplicaId((ulong)id))];
        Configuration configuration = words is ["empty"] ? Configuration.Empty : new Configuration
        {
            Voters = [.. ids[..^(int)learners]],
            Learners = [.. ids[^(int)learners..]],
        };
        foreach (ReplicaId id in ids)
        {
            _replicas[id.Value] = new SimulatedReplica(_options, id, configuration, id.Value);
        }
    }

    private void Propose(SimulatedReplica replica, string text)
    {
        ProposeResult result = replica.Node.Propose(Encoding.UTF8.GetBytes(text), out LogIndex index);
        Say(result == ProposeResult.Ok ? $"{replica.Self} proposed {index}" : $"{replica.Self} refused: {result}");
    }

    private void ProposeMembership(SimulatedReplica replica, string[] steps)
    {
        var change = new MembershipChange([.. steps.Select(step => new MembershipStep(
            step[0] == '+' ? MembershipStepKind.AddVoter
                : step[0] == '~' ? MembershipStepKind.AddLearner : MembershipStepKind.Remove,
            new ReplicaId(Number(step[1..]))))]);
        ProposeResult result = replica.Node.ProposeMembership(change, out LogIndex index);
        Say(result == ProposeResult.Ok ? $"{replica.Self} proposed {index}" : $"{replica.Self} refused: {result}");
    }

    private void TickAll(ulong milliseconds, string[] words)
    {
        for (ulong passed = 0; passed < milliseconds; passed += 50)
        {
            _nowMicros += 50_000;
            foreach (SimulatedReplica replica in _replicas.Values)
            {
                if (replica.IsUp && (words.Length == 0 || words.Contains(replica.Self.ToString())))
                {
                    replica.Node.Tick(_nowMicros);
                    Collect(replica);
                }
            }
        }
    }

    // Time and messages together, as in life: 50 ms at a time.
    private void Run(ulong milliseconds)
    {
        for (ulong passed = 0; passed < milliseconds; passed += 50)
        {
            TickAll(50, []);
            Stabilize();
        }
    }

    private void Stabilize()
    {
        for (int round = 0; round < 1000; round++)
        {
            bool isDone = _wire.Count == 0;
            foreach (SimulatedReplica replica in _replicas.Values.Where(it => it.IsUp && it.Node.HasReady))
            {
                isDone = false;
                Ready(replica);
                Collect(replica);
            }

            if (isDone)
            {
                return;
            }

            Deliver(0);
        }

        throw new InvalidOperationException("the group does not come to rest");
    }

    private void Ready(SimulatedReplica replica)
    {
        replica.TakeReady(Send);
        if (!_unsynced.Contains(replica.Self.Value))
        {
            Sync(replica);
        }
    }

    private void Sync(SimulatedReplica replica)
    {
        _unsynced.Remove(replica.Self.Value);
        while (replica.HasUnsynced)
        {
            replica.Sync(Send);
        }
    }

    private void Send(Message message)
    {
        if (!_cuts.Contains((message.From.Value, message.To.Value)))
        {
            _wire.Add(message);
        }
    }

    private void Deliver(ulong only)
    {
        Message[] messages = [.. _wire.Where(it => only == 0 || it.To.Value == only)];
        _wire.RemoveAll(it => only == 0 || it.To.Value == only);
        foreach (Message message in messages)
        {
            if (!_isQuiet)
            {
                Say(MessageText.Of(message));
            }

            if (_replicas.TryGetValue(message.To.Value, out SimulatedReplica? to) && to.IsUp)
            {
                to.Node.Step(message, _nowMicros);
                Collect(to);
            }
        }
    }

    // drop | drop FROM TO (0 = any): loses what is on the wire now.
    private void Drop(string[] words)
    {
        ulong from = words.Length > 1 ? Number(words[1]) : 0;
        ulong to = words.Length > 2 ? Number(words[2]) : 0;
        _wire.RemoveAll(it => (from == 0 || it.From.Value == from) && (to == 0 || it.To.Value == to));
    }

    // cut FROM TO is one way; cut NODE is both ways with everyone; heal undoes all.
    private void Cut(string[] words, bool isCut)
    {
        if (!isCut)
        {
            _cuts.Clear();
        }
        else if (words.Length > 2)
        {
            _cuts.Add((Number(words[1]), Number(words[2])));
        }
        else
        {
            foreach (ulong other in _replicas.Keys)
            {
                _cuts.Add((Number(words[1]), other));
                _cuts.Add((other, Number(words[1])));
            }
        }

        _wire.RemoveAll(it => _cuts.Contains((it.From.Value, it.To.Value)));
    }

    private void SendSnapshot(SimulatedReplica from, SimulatedReplica to)
    {
        bool isTaken = to.Install(from.Durable, _nowMicros);
        Say($"{to.Self} {(isTaken ? "installed" : "refused")} checkpoint {from.Durable.Point.Index}");
        from.SnapshotsWanted.Remove(to.Self);
        from.Node.ReportSnapshot(to.Self, from.Durable.Point.Index, sent: true);
        Collect(to);
    }

    private static void ReportFailure(SimulatedReplica from, ReplicaId to)
    {
        from.SnapshotsWanted.Remove(to);
        from.Node.ReportSnapshot(to, default, sent: false);
    }

    // Tells what a replica did: its events and the reads that ended.
    private void Collect(SimulatedReplica replica)
    {
        foreach (RaftEvent it in replica.Events)
        {
            string about = it.Peer.IsNone ? "" : $" {it.Peer}";
            Say($"{replica.Self} {it.Name} t{it.Term}{about}{(it.Index.Value > 0 ? $" at {it.Index}" : "")}");
        }

        replica.Reads.ForEach(it =>
            Say($"{replica.Self} read {it.ReadId} {(it.Served ? $"at {it.Index}" : "unserved")}"));
        replica.Events.Clear();
        replica.Reads.Clear();
    }

    private void ShowStatus(SimulatedReplica it)
    {
        RaftNode node = it.Node;
        string role = it.IsUp ? node.Role.ToString() : "Down";
        Say($"{it.Self} {role} t{node.Term} leader {node.Leader} last {node.LastIndex} commit {node.Commit} "
            + $"applied {node.AppliedIndex} {MessageText.Of(node.Configuration)}{(node.IsAsleep ? " asleep" : "")}");
    }

    private void ShowProgress(SimulatedReplica it)
    {
        var progress = new List<PeerProgress>();
        it.Node.CopyProgress(progress);
        progress.ForEach(peer => Say($"{peer.Peer} {peer.State} match {peer.Match} next {peer.Next}"));
    }

    private static string Entries(SimulatedReplica it) => MessageText.Of(it.Log.Entries);

    private void Say(string line) => _output.Append(line).Append('\n');

    private static ulong Number(string word) => ulong.Parse(word, CultureInfo.InvariantCulture);

    private static ulong IdOf(string word) => ulong.TryParse(word, out ulong id) ? id : 0;
}
