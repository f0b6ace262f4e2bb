using Xunit;

namespace ShardStore.Storage.Tests.Store;

/// <summary>What a store should hold, kept in a dictionary beside it.</summary>
internal sealed class StoreModel
{
    private const int Keys = 300;
    private readonly Dictionary<(KeySpace Space, int Key), (byte[] Value, long ExpireAtMs, ulong Sequence)> _records;

    public StoreModel() => _records = [];

    private StoreModel(StoreModel other) => _records = new(other._records);

    public StoreModel Copy() => new(this);

    public void ApplyRandom(Random random, IKeyValueStore store, ulong sequence)
    {
        KeySpace space = random.Next(5) == 0 ? KeySpace.Session : KeySpace.User;
        int key = random.Next(Keys);
        if (random.Next(4) == 0)
        {
            Assert.Equal(_records.Remove((space, key)), store.Delete(space, KeyOf(key), sequence));
            return;
        }
        byte[] value = new byte[random.Next(50) == 0 ? random.Next(200_000) : random.Next(120)];
        random.NextBytes(value);
        long expireAtMs = random.Next(2) * 1000L;
        store.Put(space, KeyOf(key), value, expireAtMs, sequence);
        _records[(space, key)] = (value, expireAtMs, sequence);
    }

    public void AssertEqual(IKeyValueStore store)
    {
        RecordBuffer buffer = new();
        for (int key = 0; key < Keys; key++)
        {
            AssertEqual(store, KeySpace.User, key, buffer);
            AssertEqual(store, KeySpace.Session, key, buffer);
        }
        Assert.Equal(_records.Count(record => record.Key.Space == KeySpace.User), store.KeyCount);
        Assert.Equal(_records.Count(record => record.Key.Space == KeySpace.User && record.Value.ExpireAtMs != 0),
            store.ExpiringCount);
        Assert.Equal(_records.Sum(record => KeyOf(record.Key.Key).Length + (long)record.Value.Value.Length),
            store.LiveBytes);
        Assert.Equal(_records.Count, store.CountByScan());
    }

    private void AssertEqual(IKeyValueStore store, KeySpace space, int key, RecordBuffer buffer)
    {
        bool expected = _records.TryGetValue((space, key), out var record);
        Assert.Equal(expected, store.TryRead(space, KeyOf(key), buffer));
        if (!expected)
            return;
        Assert.True(buffer.Value.SequenceEqual(record.Value), $"value of {space} {key}");
        Assert.Equal(record.ExpireAtMs, buffer.ExpireAtMs);
        Assert.Equal(record.Sequence, buffer.Sequence);
    }

    /// <summary>Longer than 8 bytes and of different lengths: what FASTER's own iterator gets wrong.</summary>
    private static byte[] KeyOf(int key) =>
        System.Text.Encoding.UTF8.GetBytes($"user:{key}:{new string('x', key % 40)}");
}
