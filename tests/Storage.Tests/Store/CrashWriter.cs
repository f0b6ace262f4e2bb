using ShardStore.Storage.Memory;

namespace ShardStore.Storage.Tests.Store;

/// <summary>The process that <see cref="StoreCrashTests"/> kills. Write number n is a function of seed and n alone, so
/// the killer knows what a checkpoint of index n must hold. Prints the index of each durable checkpoint.</summary>
public static class CrashWriter
{
    public const string Verb = "crash-writer";
    private const int Keys = 400;

    public static int Main(string[] arguments)
    {
        if (arguments is not [Verb, string directory, string seed])
            return 2;
        FasterStoreEngine engine = NewEngine();
        CheckpointState? state = null;
        using IKeyValueStore store = engine.Exists(directory)
            ? engine.Open(directory, out state)
            : engine.Create(directory);
        for (ulong sequence = (state?.AppliedIndex ?? 0) + 1; ; sequence++)
        {
            Apply(store, int.Parse(seed), sequence);
            if (sequence % 37 == 0)
                store.TryBeginCheckpoint(new CheckpointState(sequence, 1, [], 0));
            if (store.PollCheckpoint() is { } durable)
                Console.WriteLine(durable.AppliedIndex);
        }
    }

    public static FasterStoreEngine NewEngine() => new(new StoreOptions
    {
        MemoryBytes = 2 << 20,
        SegmentBytes = 256 << 10,
        CompactionSlackBytes = 256 << 10,
    });

    public static IKeyValueStore Expected(int seed, ulong index)
    {
        IKeyValueStore store = new MemoryStoreEngine().Create("expected");
        for (ulong sequence = 1; sequence <= index; sequence++)
            Apply(store, seed, sequence);
        return store;
    }

    private static void Apply(IKeyValueStore store, int seed, ulong sequence)
    {
        Random random = new(unchecked(seed * 31 + (int)sequence));
        byte[] key = System.Text.Encoding.UTF8.GetBytes($"a longer key {random.Next(Keys)}");
        int choice = random.Next(5000);
        if (choice == 0)
            store.Clear(sequence);
        else if (choice % 4 == 0)
            store.Delete(KeySpace.User, key, sequence);
        else
            store.Put((KeySpace)(choice % 5 == 0 ? 2 : 1), key, new byte[random.Next(1500)], 0, sequence);
    }
}
