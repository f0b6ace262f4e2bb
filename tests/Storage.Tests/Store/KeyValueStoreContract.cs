using System.Text;
using Xunit;

namespace ShardStore.Storage.Tests.Store;

/// <summary>What every engine must do. Both real engines run all of it.</summary>
public abstract class KeyValueStoreContract : IDisposable
{
    private readonly RecordBuffer _buffer = new();

    protected abstract IStoreEngine Engine { get; }

    protected abstract string Root { get; }

    public abstract void Dispose();

    [Fact]
    public void A_record_is_read_back_with_its_expiry_and_sequence()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        store.Put(KeySpace.User, "k"u8, "v"u8, 123, 7);
        Assert.True(store.TryRead(KeySpace.User, "k"u8, _buffer));
        Assert.Equal("v", Encoding.UTF8.GetString(_buffer.Value));
        Assert.Equal(123, _buffer.ExpireAtMs);
        Assert.Equal(7ul, _buffer.Sequence);
    }

    [Fact]
    public void A_missing_key_leaves_the_buffer_as_it_was()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        "old"u8.CopyTo(_buffer.Reset(3, 5, 6));
        Assert.False(store.TryRead(KeySpace.User, "k"u8, _buffer));
        Assert.Equal("old", Encoding.UTF8.GetString(_buffer.Value));
        Assert.Equal(6ul, _buffer.Sequence);
    }

    [Fact]
    public void Key_spaces_do_not_see_each_other()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        store.Put(KeySpace.User, "k"u8, "user"u8, 0, 1);
        store.Put(KeySpace.Session, "k"u8, "session"u8, 0, 2);
        Assert.True(store.Delete(KeySpace.User, "k"u8, 3));
        Assert.False(store.TryRead(KeySpace.User, "k"u8, _buffer));
        Assert.True(store.TryRead(KeySpace.Session, "k"u8, _buffer));
        Assert.Equal(0, store.KeyCount);
    }

    [Fact]
    public void Deleting_what_is_not_there_says_so()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        Assert.False(store.Delete(KeySpace.User, "k"u8, 1));
        store.Put(KeySpace.User, "k"u8, "v"u8, 0, 2);
        Assert.True(store.Delete(KeySpace.User, "k"u8, 3));
        Assert.False(store.Delete(KeySpace.User, "k"u8, 4));
    }

    [Fact]
    public void Empty_keys_and_values_are_records_too()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        store.Put(KeySpace.User, [], [], 0, 1);
        Assert.True(store.TryRead(KeySpace.User, [], _buffer));
        Assert.Equal(0, _buffer.Length);
        Assert.Equal(1, store.KeyCount);
        Assert.Equal(0, store.LiveBytes);
    }

    [Theory]
    [InlineData(61_440)]
    [InlineData(61_441)]
    [InlineData(1 << 20)]
    [InlineData(5_000_000)]
    public void A_value_of_any_length_is_read_back_whole_and_can_change_its_length(int length)
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        byte[] value = Bytes(length);
        store.Put(KeySpace.User, "k"u8, value, 9, 1);
        Assert.True(store.TryRead(KeySpace.User, "k"u8, _buffer));
        Assert.True(_buffer.Value.SequenceEqual(value));
        Assert.Equal(9, _buffer.ExpireAtMs);
        Assert.Equal(store.ContentHash, store.ComputeContentHash());
        store.Put(KeySpace.User, "k"u8, value.AsSpan(0, length / 2), 0, 2);
        Assert.True(store.TryRead(KeySpace.User, "k"u8, _buffer));
        Assert.True(_buffer.Value.SequenceEqual(value.AsSpan(0, length / 2)));
        Assert.Equal(1 + length / 2, store.LiveBytes);
        Assert.Equal(1, store.CountByScan());
        Assert.True(store.Delete(KeySpace.User, "k"u8, 3));
        Assert.Equal(0, store.CountByScan());
        Assert.Equal(0ul, store.ContentHash);
    }

    [Fact]
    public void The_longest_key_is_taken_and_a_longer_one_is_refused()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        byte[] longest = Bytes(StoreLimits.KeyBytesMax);
        store.Put(KeySpace.User, longest, Bytes(100_000), 0, 1);
        Assert.True(store.TryRead(KeySpace.User, longest, _buffer));
        ArgumentException refused = Assert.Throws<ArgumentException>(() =>
            store.Put(KeySpace.User, Bytes(StoreLimits.KeyBytesMax + 1), "v"u8, 0, 2));
        Assert.Contains("65536 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, store.KeyCount);
    }

    [Fact]
    public void Counters_and_hash_follow_a_model_through_random_writes()
    {
        Random random = Seeds.New(nameof(Counters_and_hash_follow_a_model_through_random_writes));
        using IKeyValueStore store = Engine.Create(Root + "/a");
        StoreModel model = new();
        for (ulong sequence = 1; sequence <= 5000; sequence++)
            model.ApplyRandom(random, store, sequence);
        model.AssertEqual(store);
        Assert.Equal(store.ContentHash, store.ComputeContentHash());
    }

    [Fact]
    public void The_hash_does_not_depend_on_the_way_to_the_content()
    {
        using IKeyValueStore one = Engine.Create(Root + "/a");
        using IKeyValueStore other = Engine.Create(Root + "/b");
        one.Put(KeySpace.User, "a"u8, "1"u8, 0, 1);
        one.Put(KeySpace.User, "b"u8, "2"u8, 0, 2);
        other.Put(KeySpace.User, "b"u8, "other"u8, 4, 1);
        other.Put(KeySpace.User, "c"u8, "gone"u8, 0, 1);
        other.Put(KeySpace.User, "b"u8, "2"u8, 0, 2);
        other.Put(KeySpace.User, "a"u8, "1"u8, 0, 1);
        Assert.NotEqual(one.ContentHash, other.ContentHash);
        other.Delete(KeySpace.User, "c"u8, 3);
        Assert.Equal(one.ContentHash, other.ContentHash);
        other.Put(KeySpace.User, "a"u8, "1"u8, 0, 4);
        Assert.NotEqual(one.ContentHash, other.ContentHash);
    }

    [Fact]
    public void Clearing_takes_the_users_keys_and_leaves_the_sessions()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        store.Put(KeySpace.Session, "s"u8, "1"u8, 0, 1);
        for (int key = 0; key < 1000; key++)
            store.Put(KeySpace.User, BitConverter.GetBytes(key), "v"u8, 1, 2);
        store.Clear(3);
        Assert.Equal(0, store.KeyCount);
        Assert.Equal(0, store.ExpiringCount);
        Assert.Equal(2, store.LiveBytes);
        Assert.True(store.TryRead(KeySpace.Session, "s"u8, _buffer));
        Assert.Equal(1ul, _buffer.Sequence);
        Assert.Equal(1, store.CountByScan());
        Assert.Equal(store.ContentHash, store.ComputeContentHash());
    }

    [Fact]
    public void A_scan_in_steps_visits_every_record_that_stays()
    {
        Random random = Seeds.New(nameof(A_scan_in_steps_visits_every_record_that_stays));
        using IKeyValueStore store = Engine.Create(Root + "/a");
        for (int key = 0; key < 2000; key++)
            store.Put(KeySpace.User, BitConverter.GetBytes(key), Bytes(random.Next(200)), 0, 1);
        HashSet<int> seen = [];
        ulong sequence = 2;
        ulong cursor = 0;
        int steps = 0;
        do
        {
            cursor = store.Scan(cursor, 10, new CollectingVisitor(key => seen.Add(BitConverter.ToInt32(key))));
            int touched = random.Next(1000);
            store.Put(KeySpace.User, BitConverter.GetBytes(touched), Bytes(random.Next(200)), 0, sequence++);
            store.Delete(KeySpace.User, BitConverter.GetBytes(random.Next(1000, 1100)), sequence++);
            Assert.True(++steps < 10_000, "the scan does not end");
        }
        while (cursor != 0);
        Assert.All(Enumerable.Range(0, 1000).Concat(Enumerable.Range(1100, 900)), key => Assert.Contains(key, seen));
    }

    [Fact]
    public void Any_number_is_taken_as_a_cursor()
    {
        Random random = Seeds.New(nameof(Any_number_is_taken_as_a_cursor));
        using IKeyValueStore store = Engine.Create(Root + "/a");
        for (int key = 0; key < 500; key++)
            store.Put(KeySpace.User, BitConverter.GetBytes(key), Bytes(50), 0, 1);
        for (int round = 0; round < 500; round++)
            store.Scan((ulong)random.NextInt64() >> random.Next(64), 5, new CollectingVisitor(_ => { }));
        for (ulong cursor = 1; cursor < 2000; cursor++)
            store.Scan(cursor | (1ul << 48), 5, new CollectingVisitor(_ => { }));
    }

    protected static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
