namespace ShardStore.Storage.Tests.Store;

/// <summary>Random numbers from a seed that is printed; STORE_TEST_SEED repeats a run.</summary>
internal static class Seeds
{
    public static Random New(string test)
    {
        string? wanted = Environment.GetEnvironmentVariable("STORE_TEST_SEED");
        int seed = wanted is null ? Environment.TickCount : int.Parse(wanted);
        Console.WriteLine($"{test}: STORE_TEST_SEED={seed}");
        return new Random(seed);
    }
}
