using System.Globalization;
using System.Security.Cryptography;
using ShardStore.Client;

namespace ShardStore.Cluster.Tests.Life;

/// <summary>Keys of all kinds for a backup: short and long, text and bytes, with and without an end.</summary>
internal static class BackupKeys
{
    public const string Plain = "plain";
    private const int Count = 200;
    private const string PastKey = "past";

    /// <summary>In 2040. Unit: Unix ms.</summary>
    private const long FarEndMs = 2_208_988_800_000;

    /// <summary>Longer than a part of a stored value and than a chunk of a backup.</summary>
    private const int LongBytes = 3 << 20;

    public static async Task WriteAsync(ShardStoreClient client)
    {
        foreach (var number in Enumerable.Range(0, Count))
            await SetAsync(client, KeyOf(number), ValueOf(number), EndOf(number));
        await SetAsync(client, Plain, "as it was", 0);
        // Over before it can be restored; nobody need wait for that.
        await SetAsync(client, PastKey, "gone", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 200);
    }

    /// <summary>All are as they were written.</summary>
    public static async Task CheckAsync(ShardStoreClient client)
    {
        foreach (var number in Enumerable.Range(0, Count))
        {
            var value = await client.GetAsync(KeyOf(number));
            Assert.True(value?.Span.SequenceEqual(ValueOf(number)), $"{number}: {value?.Length} bytes");
            Assert.Equal(EndOf(number) == 0 ? -1 : EndOf(number), await EndAsync(client, KeyOf(number)));
        }
        Assert.Equal("as it was", await client.GetStringAsync(Plain));
        Assert.Null(await client.GetStringAsync(PastKey));
    }

    /// <summary>Every key of a cluster with a digest of its value, and its end.</summary>
    public static async Task<SortedDictionary<string, string>> ReadAsync(ShardStoreClient client)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var key in client.ScanAsync())
        {
            var value = await client.GetAsync(key);
            Assert.NotNull(value);
            found[Convert.ToHexString(key.Span)] =
                $"{Convert.ToHexString(SHA256.HashData(value.Value.Span))} {await EndAsync(client, key)}";
        }
        return found;
    }

    private static async Task SetAsync(ShardStoreClient client, KvBytes key, KvBytes value, long endMs)
    {
        KvBytes[] arguments = endMs == 0
            ? [key, value]
            : [key, value, "PXAT", endMs.ToString(CultureInfo.InvariantCulture)];
        await client.ExecuteAsync(new RawCommand { Name = "SET", Arguments = arguments, Kind = RawCommandKind.Write });
    }

    private static async Task<long> EndAsync(ShardStoreClient client, KvBytes key) =>
        (await client.ExecuteAsync(
            new RawCommand { Name = "PEXPIRETIME", Arguments = [key], Kind = RawCommandKind.Read })).Integer;

    private static byte[] KeyOf(int number)
    {
        var random = new Random(number);
        var key = new byte[number == 0 ? 0 : 1 + random.Next(number % 7 == 0 ? 5_000 : 20)];
        random.NextBytes(key);
        return [.. key, (byte)number];
    }

    private static byte[] ValueOf(int number)
    {
        var random = new Random(-number);
        var value = new byte[number % 97 == 96 ? LongBytes : random.Next(number % 5 == 0 ? 1 : 4_000)];
        random.NextBytes(value);
        return value;
    }

    private static long EndOf(int number) => number % 3 == 0 ? FarEndMs + number : 0;
}
