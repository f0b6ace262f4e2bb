namespace ShardStore.Raft.Tests;

/// <summary>Table rows over a log with terms 1 1 2 2 3 3 at indexes 1 to 6.</summary>
public sealed class RaftLogTests
{
    private static readonly ulong[] Terms = [1, 1, 2, 2, 3, 3];

    [Theory]
    [InlineData("same log", 6, 3, true)]
    [InlineData("longer, same term", 9, 3, true)]
    [InlineData("shorter, same term", 5, 3, false)]
    [InlineData("shorter, later term", 1, 4, true)]
    [InlineData("longer, earlier term", 9, 2, false)]
    public void Candidate_is_up_to_date_by_term_then_length(string row, ulong index, ulong term, bool expected)
    {
        RaftLog log = Unstable();
        Assert.True(expected == log.IsUpToDate(new LogIndex(index), new Term(term)), row);
    }

    [Theory]
    [InlineData("nothing new", new ulong[] { }, 7, 0, 6)]
    [InlineData("all known", new ulong[] { 3, 3 }, 5, 0, 6)]
    [InlineData("known prefix of the log is not a truncation", new ulong[] { 2 }, 3, 0, 6)]
    [InlineData("pure extension", new ulong[] { 4, 4 }, 7, 0, 8)]
    [InlineData("known, then new", new ulong[] { 3, 4 }, 6, 0, 7)]
    [InlineData("conflict at the end", new ulong[] { 4 }, 6, 6, 6)]
    [InlineData("conflict in the middle drops the rest", new ulong[] { 4 }, 3, 3, 3)]
    [InlineData("known, then conflict", new ulong[] { 2, 2, 4 }, 3, 5, 5)]
    public void Entries_of_a_leader_replace_only_what_conflicts(
        string row, ulong[] terms, ulong from, ulong dropped, ulong last)
    {
        foreach (RaftLog log in new[] { Unstable(), Stable() })
        {
            Assert.True(log.AppendFromLeader(Entries(terms, from)).Value == dropped, row);
            Assert.True(log.LastIndex.Value == last, row);
            Assert.True(log.TryGetTerm(log.LastIndex, out Term term), row);
            bool isLeadersLast = terms.Length > 0 && last == from + (ulong)terms.Length - 1;
            Assert.True(term.Value == (isLeadersLast ? terms[^1] : 3), row);
        }
    }

    [Theory]
    [InlineData("inside", 4, 2, 4, 2)]
    [InlineData("skips a later term", 6, 2, 4, 2)]
    [InlineData("skips two terms", 6, 1, 2, 1)]
    [InlineData("own term", 6, 3, 6, 3)]
    [InlineData("down to the start", 6, 0, 0, 0)]
    public void Hint_skips_whole_terms(string row, ulong index, ulong term, ulong hint, ulong hintTerm)
    {
        (LogIndex Index, Term Term) actual = Unstable().LastNotAfter(new LogIndex(index), new Term(term));
        Assert.True(actual == (new LogIndex(hint), new Term(hintTerm)), row);
    }

    [Fact]
    public void Conflict_with_a_committed_entry_stops_the_replica()
    {
        RaftLog log = Unstable();
        log.TryCommitTo(new LogIndex(4));
        Assert.Throws<RaftInvariantException>(() => log.AppendFromLeader(Entries([9], 4)));
        Assert.Equal(5UL, log.AppendFromLeader(Entries([9], 5)).Value);
    }

    [Fact]
    public void Commit_beyond_the_log_stops_the_replica() =>
        Assert.Throws<RaftInvariantException>(() => Unstable().TryCommitTo(new LogIndex(7)));

    [Fact]
    public void Compacted_index_never_matches()
    {
        var stable = new MemoryLog();
        Array.ForEach(Entries(Terms, 1), stable.Append);
        var log = new RaftLog(stable, new LogIndex(4), new LogIndex(4));
        stable.CompactTo(new LogIndex(4));
        Assert.False(log.Matches(new LogIndex(3), new Term(0)));
        Assert.False(log.Matches(new LogIndex(3), new Term(2)));
        Assert.True(log.Matches(new LogIndex(4), new Term(2)));
        Assert.False(log.Matches(new LogIndex(0), new Term(0)));
        Assert.False(log.Matches(new LogIndex(7), new Term(3)));
    }

    [Fact]
    public void Only_durable_entries_are_handed_out_for_apply()
    {
        var stable = new MemoryLog();
        var log = new RaftLog(stable, default, default);
        log.AppendFromLeader(Entries(Terms, 1));
        log.TryCommitTo(new LogIndex(5));
        Assert.False(log.HasCommitted);
        var handedOut = new List<LogEntry>();
        log.HandOutEntries(handedOut);
        handedOut.ForEach(stable.Append);
        log.MarkDurable(new LogIndex(3));
        handedOut.Clear();
        log.HandOutCommitted(handedOut, long.MaxValue);
        Assert.Equal([1UL, 2, 3], handedOut.Select(it => it.Index.Value));
        Assert.Throws<RaftInvariantException>(() => log.MarkApplied(new LogIndex(4)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(8, 1)]
    [InlineData(16, 2)]
    [InlineData(47, 5)]
    [InlineData(100, 6)]
    public void Reading_stops_at_the_byte_bound_but_never_before_the_first(long bytesMax, int expected)
    {
        foreach (RaftLog log in new[] { Unstable(), Stable(), HalfStable() })
        {
            var read = new List<LogEntry>();
            log.Read(new LogIndex(1), new LogIndex(6), bytesMax, read);
            Assert.Equal(expected, read.Count);
            Assert.Equal(Enumerable.Range(1, expected), read.Select(it => (int)it.Index.Value));
        }
    }

    [Fact]
    public void Restored_log_is_empty_behind_the_checkpoint()
    {
        RaftLog log = HalfStable();
        var point = new SnapshotPoint(new LogIndex(9), new Term(5), Configuration.Empty);
        log.Restore(point);
        Assert.Equal((10UL, 9UL), (log.FirstIndex.Value, log.LastIndex.Value));
        Assert.True(log.Matches(new LogIndex(9), new Term(5)));
        Assert.False(log.TryGetTerm(new LogIndex(8), out _));
        log.AppendOwn(new Term(6), EntryKind.Empty, default);
        Assert.False(log.HasCommitted);
    }

    private static LogEntry[] Entries(ulong[] terms, ulong from) => [.. terms.Select((term, at) =>
        new LogEntry(new LogIndex(from + (ulong)at), new Term(term), EntryKind.Command, new byte[8]))];

    private static RaftLog Unstable()
    {
        var log = new RaftLog(new MemoryLog(), default, default);
        log.AppendFromLeader(Entries(Terms, 1));
        return log;
    }

    private static RaftLog Stable()
    {
        var stable = new MemoryLog();
        Array.ForEach(Entries(Terms, 1), stable.Append);
        return new RaftLog(stable, default, default);
    }

    private static RaftLog HalfStable()
    {
        var stable = new MemoryLog();
        Array.ForEach(Entries(Terms[..3], 1), stable.Append);
        var log = new RaftLog(stable, default, default);
        log.AppendFromLeader(Entries(Terms[3..], 4));
        return log;
    }
}
