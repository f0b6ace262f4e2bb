namespace ShardStore.Raft.Tests;

/// <summary>The properties of the paper's figure 3, checked over everything a run has ever shown.</summary>
internal sealed class SafetyChecker
{
    private readonly SortedDictionary<ulong, ReplicaId> _leaders = [];
    private readonly List<(Term Term, int Payload)> _applied = [];
    private readonly Dictionary<ReplicaId, int> _seen = [];
    private readonly Dictionary<ulong, ulong> _stateAt = [];

    public int AppliedCount => _applied.Count;

    public int LeaderCount => _leaders.Count;

    /// <summary>Election safety, and leader completeness: a new leader's log holds all that was ever applied.</summary>
    public void CheckLeader(SimulatedReplica replica)
    {
        RaftNode node = replica.Node;
        if (node.Role != RaftRole.Leader)
        {
            return;
        }

        if (_leaders.TryGetValue(node.Term.Value, out ReplicaId known))
        {
            Assert.True(known == node.Self, $"term {node.Term} has leaders {known} and {node.Self}");
            return;
        }

        _leaders[node.Term.Value] = node.Self;
        for (int at = _applied.Count - 1; at >= 0 && (ulong)at + 1 >= node.FirstIndex.Value; at--)
        {
            var index = new LogIndex((ulong)at + 1);
            bool isHeld = node.TryGetTerm(index, out Term term) && term == _applied[at].Term;
            Assert.True(isHeld, $"leader {node.Self} of term {node.Term} lacks applied entry {index}");
        }
    }

    /// <summary>State machine safety: at each index all replicas apply the same entry, and come to the same state.
    /// </summary>
    public void CheckApplied(SimulatedReplica replica)
    {
        int from = Math.Min(_seen.GetValueOrDefault(replica.Self), replica.AppliedEntries.Count);
        for (int at = from; at < replica.AppliedEntries.Count; at++)
        {
            LogEntry entry = replica.AppliedEntries[at];
            int payload = new ReadOnlyMemoryHash(entry.Payload).Value;
            if ((int)entry.Index.Value > _applied.Count)
            {
                Assert.True((int)entry.Index.Value == _applied.Count + 1, $"gap in applied entries at {entry.Index}");
                _applied.Add((entry.Term, payload));
            }

            Assert.True(_applied[(int)entry.Index.Value - 1] == (entry.Term, payload),
                $"replica {replica.Self} applied another entry at {entry.Index}");
        }

        _seen[replica.Self] = replica.AppliedEntries.Count;
        ulong index = replica.Node.AppliedIndex.Value;
        if (!_stateAt.TryAdd(index, replica.StateHash))
        {
            Assert.True(_stateAt[index] == replica.StateHash, $"replica {replica.Self} has another state at {index}");
        }
    }

    /// <summary>Log matching: where two logs agree on a term, they agree on all before it.</summary>
    public static void CheckLogs(IReadOnlyList<SimulatedReplica> replicas)
    {
        foreach (SimulatedReplica left in replicas)
        {
            foreach (SimulatedReplica right in replicas)
            {
                CheckPair(left.Log, right.Log);
            }
        }
    }

    private static void CheckPair(MemoryLog left, MemoryLog right)
    {
        bool mustAgree = false;
        ulong last = Math.Min(left.LastIndex.Value, right.LastIndex.Value);
        ulong first = Math.Max(left.FirstIndex.Value, right.FirstIndex.Value);
        for (ulong at = last; at >= first && at > 0; at--)
        {
            LogEntry mine = left.Entries[(int)(at - left.FirstIndex.Value)];
            LogEntry other = right.Entries[(int)(at - right.FirstIndex.Value)];
            mustAgree |= mine.Term == other.Term;
            bool same = mine.Term == other.Term && mine.Payload.Span.SequenceEqual(other.Payload.Span);
            Assert.True(same || !mustAgree, $"logs agree after index {at} but not at it");
        }
    }

    private readonly record struct ReadOnlyMemoryHash(ReadOnlyMemory<byte> Bytes)
    {
        public int Value
        {
            get
            {
                ulong hash = 14695981039346656037UL;
                foreach (byte value in Bytes.Span)
                {
                    hash = (hash ^ value) * 1099511628211UL;
                }

                return (int)hash;
            }
        }
    }
}
