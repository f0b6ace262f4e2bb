namespace ShardStore.Raft.Tests;

/// <summary>A group under random faults and virtual time: one seed, one run.</summary>
internal sealed class SimulatedCluster
{
    private const long StepMicros = 10_000;
    private const ulong ReplicasMax = 7;

    private readonly Random _random;
    private readonly ClusterFaults _faults;
    private readonly RaftOptions _options;
    private readonly List<SimulatedReplica> _replicas = [];
    private readonly List<Message> _wire = [];
    private readonly HashSet<(ulong, ulong)> _cuts = [];
    private readonly Dictionary<ulong, (ulong Floor, long AskedAt)> _reads = [];
    private long _nowMicros = 1_000_000_000;
    private ulong _nextRead = 1;
    private bool _isCalm;

    public SimulatedCluster(int seed, ClusterFaults faults, RaftOptions options)
    {
        _random = new Random(seed);
        _faults = faults;
        _options = options;
        ReplicaId[] ids = [.. Enumerable.Range(1, 3 + (seed % 3)).Select(id => new ReplicaId((ulong)id))];
        var configuration = new Configuration { Voters = [.. ids] };
        foreach (ReplicaId id in ids)
        {
            _replicas.Add(new SimulatedReplica(options, id, configuration, Draw()));
        }
    }

    public SafetyChecker Checker { get; } = new();

    public IReadOnlyList<SimulatedReplica> Replicas => _replicas;

    public int Proposed { get; private set; }

    public int ReadsServed { get; private set; }

    public int LeaseReads { get; private set; }

    public int Changes { get; private set; }

    public int Snapshots { get; private set; }

    public int Crashes { get; private set; }

    public void Run(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            _nowMicros += StepMicros;
            Disturb();
            UseClients();
            foreach (SimulatedReplica replica in _replicas)
            {
                Move(replica);
            }

            Deliver();
            Check();
        }

        SafetyChecker.CheckLogs(_replicas);
    }

    /// <summary>Ends all faults, and says whether the members then come to one state in bounded time.</summary>
    public bool Heals(int steps)
    {
        _isCalm = true;
        _cuts.Clear();
        _replicas.Where(it => !it.IsUp).ToList().ForEach(it => it.Restart(_nowMicros));
        for (int left = steps; left > 0; left -= 100)
        {
            Run(100);
            if (IsConverged())
            {
                return true;
            }
        }

        return false;
    }

    public string Describe() => string.Join("\n", _replicas.Select(it =>
        $"{it.Self} up {it.IsUp} {it.Node.Role} t{it.Node.Term} leader {it.Node.Leader} first {it.Node.FirstIndex} "
        + $"last {it.Node.LastIndex} commit {it.Node.Commit} applied {it.Node.AppliedIndex} "
        + MessageText.Of(it.Node.Configuration)));

    private bool IsConverged()
    {
        SimulatedReplica? leader = _replicas.Find(
            it => it.Node.Role == RaftRole.Leader && !it.Node.Configuration.IsJoint);
        if (leader is null || leader.Node.AppliedIndex != leader.Node.LastIndex)
        {
            return false;
        }

        Configuration members = leader.Node.Configuration;
        return _replicas.Where(it => members.Voters.Contains(it.Self) || members.Learners.Contains(it.Self))
            .All(it => it.Node.AppliedIndex == leader.Node.AppliedIndex && it.StateHash == leader.StateHash);
    }

    private void Move(SimulatedReplica replica)
    {
        if (!replica.IsUp)
        {
            return;
        }

        // A late tick is a paused process.
        if (_isCalm || !Chance(100))
        {
            replica.Node.Tick(_nowMicros);
        }

        if (replica.Node.HasReady && (_isCalm || !Chance(200)))
        {
            replica.TakeReady(Send);
        }

        while (replica.HasUnsynced && (_isCalm || !Chance(400)))
        {
            replica.Sync(Send);
        }

        EndReads(replica);
        StreamCheckpoints(replica);
    }

    private void Send(Message message)
    {
        if (_cuts.Contains((message.From.Value, message.To.Value)) || Draw100() < Percent(_faults.DropPercent))
        {
            return;
        }

        _wire.Add(message);
        if (Draw100() < Percent(_faults.DuplicatePercent))
        {
            _wire.Add(message);
        }
    }

    private void Deliver()
    {
        for (int left = _wire.Count; left > 0 && (_isCalm || !Chance(30)); left--)
        {
            int at = Draw100() < Percent(_faults.ReorderPercent) ? _random.Next(_wire.Count) : 0;
            Message message = _wire[at];
            _wire.RemoveAt(at);
            if (_replicas.Find(it => it.Self == message.To) is { IsUp: true } to)
            {
                to.Node.Step(message, _nowMicros);
            }
        }
    }

    private void Check()
    {
        foreach (SimulatedReplica replica in _replicas.Where(it => it.IsUp))
        {
            Checker.CheckApplied(replica);
            Checker.CheckLeader(replica);
        }
    }

    private void UseClients()
    {
        SimulatedReplica replica = _replicas[_random.Next(_replicas.Count)];
        if (!replica.IsUp || _isCalm)
        {
            return;
        }

        if (replica.Node.HoldsLease(_nowMicros))
        {
            // What a lease serves must hold all that anyone has ever seen applied.
            LeaseReads++;
            Assert.True((int)replica.Node.Commit.Value >= Checker.AppliedCount, $"stale lease at {replica.Self}");
        }

        if (Chance(500))
        {
            byte[] payload = BitConverter.GetBytes(Draw());
            Proposed += replica.Node.Propose(payload, out _) == ProposeResult.Ok ? 1 : 0;
        }
        else if (Chance(300))
        {
            _reads[_nextRead] = ((ulong)Checker.AppliedCount, _nowMicros);
            replica.Node.ReadIndex(_nextRead++, _nowMicros);
        }
    }

    private void EndReads(SimulatedReplica replica)
    {
        foreach (ReadState read in replica.Reads)
        {
            (ulong floor, _) = _reads[read.ReadId];
            Assert.True(!read.Served || read.Index.Value >= floor, $"stale read {read.ReadId} at {replica.Self}");
            ReadsServed += read.Served ? 1 : 0;
            _reads.Remove(read.ReadId);
        }

        replica.Reads.Clear();
        replica.Events.Clear();
    }

    private void StreamCheckpoints(SimulatedReplica from)
    {
        foreach (ReplicaId id in from.SnapshotsWanted.ToArray())
        {
            from.SnapshotsWanted.Remove(id);
            from.TakeCheckpoint();
            SimulatedReplica? to = _replicas.Find(it => it.Self == id);
            bool isSent = to is { IsUp: true } && (_isCalm || !Chance(300));
            if (isSent && to!.Install(from.Durable, _nowMicros))
            {
                Snapshots++;
            }

            from.Node.ReportSnapshot(id, from.Durable.Point.Index, isSent);
        }
    }

    private void Disturb()
    {
        if (_isCalm)
        {
            return;
        }

        SimulatedReplica one = _replicas[_random.Next(_replicas.Count)];
        if (Chance(_faults.CrashPerMille) && one.IsUp)
        {
            one.Crash();
            Crashes++;
        }
        else if (!one.IsUp && Chance(20))
        {
            one.Restart(_nowMicros);
        }

        Partition(one);
        if (one.IsUp && Chance(_faults.CompactPerMille))
        {
            one.TakeCheckpoint();
            one.Compact((ulong)_random.Next(5));
        }

        ChangeMembers(_replicas.Find(it => it.IsUp && it.Node.Role == RaftRole.Leader));
    }

    private void Partition(SimulatedReplica one)
    {
        if (Chance(_faults.PartitionPerMille))
        {
            bool isOneWay = Chance(300);
            foreach (SimulatedReplica other in _replicas.Where(_ => Chance(600)))
            {
                _cuts.Add((one.Self.Value, other.Self.Value));
                if (!isOneWay)
                {
                    _cuts.Add((other.Self.Value, one.Self.Value));
                }
            }
        }
        else if (_cuts.Count > 0 && Chance(15))
        {
            _cuts.Clear();
        }
    }

    private void ChangeMembers(SimulatedReplica? leader)
    {
        if (leader is null)
        {
            return;
        }

        if (Chance(_faults.TransferPerMille))
        {
            leader.Node.TransferLeadership(_replicas[_random.Next(_replicas.Count)].Self, _nowMicros);
        }

        if (!Chance(_faults.MembershipPerMille))
        {
            return;
        }

        if ((ulong)_replicas.Count < ReplicasMax && Chance(500))
        {
            var id = new ReplicaId((ulong)_replicas.Count + 1);
            _replicas.Add(new SimulatedReplica(_options, id, Configuration.Empty, Draw()));
        }

        // Steps of several kinds: some simple, some joint.
        ReplicaId[] picked = [.. _replicas.Select(it => it.Self).OrderBy(_ => Draw()).Take(1 + _random.Next(3))];
        var change = new MembershipChange([.. picked.Select(it => new MembershipStep(
            (MembershipStepKind)(Chance(400) ? 1 : 1 + _random.Next(3)), it))]);
        Changes += leader.Node.ProposeMembership(change, out _) == ProposeResult.Ok ? 1 : 0;
    }

    private int Percent(int percent) => _isCalm ? 0 : percent;

    private bool Chance(int perMille) => _random.Next(1000) < perMille;

    private int Draw100() => _random.Next(100);

    private ulong Draw() => (ulong)_random.NextInt64();
}
