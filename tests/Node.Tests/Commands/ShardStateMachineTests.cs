using System.Buffers;
using ShardStore.Node.Commands;

namespace ShardStore.Node.Tests.Commands;

public sealed class ShardStateMachineTests
{
    [Fact]
    public void Times_to_live_count_from_the_entrys_clock_on_every_replica()
    {
        var shard = new Replicas();
        Assert.Equal(["+OK"], shard.Write("set k v px 500"));
        shard.NowMs += 499;
        Assert.Equal("$1\r\nv", shard.Read("get k"));
        Assert.Equal(":1", shard.Read("pttl k"));
        shard.NowMs += 1;
        Assert.Equal("$-1", shard.Read("get k"));
        Assert.Equal(1, shard.Leader.Store.KeyCount);
        Assert.Equal([":1", "$1\r\nw"], shard.Write("setnx k w", "get k"));
        Assert.True(shard.AreEqual);
    }

    [Fact]
    public void The_clock_never_goes_back()
    {
        var shard = new Replicas();
        shard.Write("set k v px 500");
        shard.NowMs += 1000;
        shard.Write("set other v");
        shard.NowMs -= 1000;
        Assert.Equal("$-1", shard.Read("get k"));
        Assert.Equal([":0"], shard.Write("exists k"));
        Assert.Equal(1_001_000, shard.Leader.ClockMs);
        Assert.True(shard.AreEqual);
    }

    [Fact]
    public void A_read_may_not_stand_on_a_clock_that_the_log_has_not_reached()
    {
        var shard = new Replicas();
        shard.Write("set k v px 500", "set stays w");
        shard.Read("mget k stays", out var stands);
        Assert.True(stands);
        shard.NowMs += 600;
        foreach (var line in new[] { "get k", "mget stays k", "exists k", "keys *", "ttl k", "shardstore.getv k" })
        {
            shard.Read(line, out stands);
            Assert.False(stands, line);
        }
        shard.Read("get stays", out stands);
        Assert.True(stands);
        shard.Write("set other v");
        Assert.Equal("$-1", shard.Read("get k", out stands));
        Assert.True(stands);
    }

    [Fact]
    public void Expired_keys_are_deleted_by_an_entry()
    {
        var shard = new Replicas();
        for (var i = 0; i < 10; i++)
            shard.Write($"set k{i} v px {100 + i}");
        shard.Write("set k0 v", "set stays v");
        Assert.False(shard.Expire());
        shard.NowMs += 104;
        Assert.True(shard.Expire());
        Assert.Equal(7, shard.Leader.Store.KeyCount);
        shard.NowMs += 1000;
        Assert.True(shard.Expire(keysMax: 2));
        Assert.Equal(5, shard.Leader.Store.KeyCount);
        Assert.True(shard.Expire());
        Assert.False(shard.Expire());
        Assert.Equal(2, shard.Leader.Store.KeyCount);
        Assert.True(shard.AreEqual);
    }

    [Fact]
    public void After_a_restart_expired_keys_and_sessions_are_found_by_scanning()
    {
        var shard = new Replicas();
        shard.Write("set k v px 10", "set later v px 999999", "shardstore.once 1 1 1 set x v");
        var restarted = new ShardStateMachine(shard.Leader.Store, shard.Leader.ClockMs);
        var entry = new ArrayBufferWriter<byte>();
        Assert.True(restarted.TryEncodeExpiry(shard.NowMs + 10, 100, entry));
        restarted.Apply(shard.Index + 1, entry.WrittenSpan, null);
        Assert.Equal(2, restarted.Store.KeyCount);
        entry.ResetWrittenCount();
        Assert.True(restarted.TryEncodeExpiry(shard.NowMs + 4_000_000, 100, entry));
        restarted.Apply(shard.Index + 2, entry.WrittenSpan, null);
        Assert.Equal(1, restarted.Store.KeyCount);
    }

    [Fact]
    public void A_write_sent_again_is_applied_once_and_gets_the_first_reply()
    {
        var shard = new Replicas();
        Assert.Equal([":1"], shard.Write("shardstore.once 18446744073709551615 65535 1 incr n"));
        Assert.Equal([":1"], shard.Write("shardstore.once 18446744073709551615 65535 1 incr n"));
        Assert.Equal([":2", ":2", ":1"], shard.Write(
            "shardstore.once 18446744073709551615 65535 2 incr n",
            "shardstore.once 18446744073709551615 65535 2 incr n",
            "shardstore.once 18446744073709551615 7 1 incr other"));
        Assert.StartsWith("-SHARDSTORE.STALE ", shard.Write("shardstore.once 18446744073709551615 65535 1 incr n")[0]);
        Assert.Equal("$1\r\n2", shard.Read("get n"));
        Assert.StartsWith("-ERR SHARDSTORE.ONCE", shard.Write("shardstore.once 1 1 1 get n")[0]);
        Assert.StartsWith("-ERR SHARDSTORE.ONCE takes", shard.Write("shardstore.once 1 65536 1 incr n")[0]);
        Assert.True(shard.AreEqual);
    }

    [Fact]
    public void A_reply_too_long_to_keep_is_said_to_be_applied()
    {
        var shard = new Replicas();
        shard.Write("set k " + new string('x', 5000));
        Assert.StartsWith("$5000", shard.Write("shardstore.once 1 1 1 getset k new")[0]);
        Assert.StartsWith("-SHARDSTORE.APPLIED ", shard.Write("shardstore.once 1 1 1 getset k new")[0]);
        Assert.Equal("$3\r\nnew", shard.Read("get k"));
    }

    [Fact]
    public void A_session_is_forgotten_an_hour_after_its_last_use()
    {
        var shard = new Replicas();
        shard.Write("shardstore.once 1 1 1 incr n");
        shard.NowMs += 3_600_001;
        Assert.Equal([":2"], shard.Write("shardstore.once 1 1 1 incr n"));
    }

    [Fact]
    public void Compare_and_set_tells_writes_of_one_entry_apart()
    {
        var shard = new Replicas();
        var replies = shard.Write("shardstore.cas k 0 a", "set k b", "shardstore.cas k 0 c");
        var first = replies[0][1..];
        Assert.StartsWith("*2\r\n$-1\r\n:", replies[2]);
        Assert.StartsWith("*2\r\n$-1\r\n:", shard.Write($"shardstore.cas k {first} d")[0]);
        var current = shard.Read("shardstore.getv k").Split(':')[1];
        Assert.StartsWith(":", shard.Write($"shardstore.cas k {current} e px 100")[0]);
        Assert.Equal("*2\r\n$-1\r\n:0", shard.Read("shardstore.getv nothing"));
        Assert.True(shard.AreEqual);
    }

    [Fact]
    public void Malformed_entries_name_the_entry()
    {
        var shard = new Replicas();
        var entry = new ArrayBufferWriter<byte>();
        shard.Leader.Encode([Replicas.Request("set key value")], 5, entry);
        var good = entry.WrittenSpan.ToArray();
        for (var length = 0; length < good.Length; length++)
        {
            var error = Assert.Throws<InvalidDataException>(() => shard.Leader.Apply(7, good.AsSpan(0, length), null));
            Assert.Contains("entry 7", error.Message, StringComparison.Ordinal);
        }
        good[0] = 9;
        var newer = Assert.Throws<InvalidDataException>(() => shard.Leader.Apply(8, good, null));
        Assert.Contains("format version 9", newer.Message, StringComparison.Ordinal);
        good[0] = 1;
        Assert.Throws<InvalidDataException>(() => shard.Leader.Apply(9, [.. good, 0], null));
        Assert.Equal(0UL, shard.Follower.Store.ContentHash);
    }

    [Fact]
    public void A_cursor_of_another_replica_starts_again()
    {
        var cursors = new ScanCursors(1);
        var token = cursors.Remember(ulong.MaxValue);
        Assert.Equal(ulong.MaxValue, cursors.Recall(token));
        Assert.Equal(0UL, new ScanCursors(2).Recall(token));
        Assert.Equal(0UL, cursors.Remember(0));
        for (var i = 0; i < ScanCursors.KeptMax; i++)
            cursors.Remember(5);
        Assert.Equal(0UL, cursors.Recall(token));
        Assert.True(token < 1UL << ScanCursors.TokenBits);
    }
}
