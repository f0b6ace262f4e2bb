using Xunit;
using System.Collections.Concurrent;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Tests.Transport;

/// <summary>Keeps what arrives, and lets a test wait for it.</summary>
internal sealed class RecordingReceiver : IPeerReceiver
{
    private readonly SemaphoreSlim _changed = new(0);
    private long _bulkBytes;

    public ConcurrentQueue<(int From, GroupMessage Message)> Messages { get; } = new();
    public ConcurrentQueue<(int From, byte[] Block)> Blocks { get; } = new();
    public ConcurrentQueue<int> Down { get; } = new();
    public long BulkBytes => Volatile.Read(ref _bulkBytes);
    public ulong BulkHash { get; private set; }

    /// <summary>Held by a test to play a receiver that does not get on.</summary>
    public ManualResetEventSlim Gate { get; } = new(true);

    public void OnMessages(int fromNode, ReadOnlySpan<GroupMessage> messages)
    {
        Gate.Wait();
        foreach (var message in messages)
            Messages.Enqueue((fromNode, message));
        _changed.Release();
    }

    public void OnUtilization(int fromNode, ReadOnlySpan<byte> block)
    {
        Blocks.Enqueue((fromNode, block.ToArray()));
        _changed.Release();
    }

    public void OnBulk(int fromNode, ulong channel, ReadOnlySpan<byte> bytes)
    {
        Gate.Wait();
        BulkHash = Hash(BulkHash, bytes) + channel;
        Interlocked.Add(ref _bulkBytes, bytes.Length);
        _changed.Release();
    }

    public void OnPeerDown(int node)
    {
        Down.Enqueue(node);
        _changed.Release();
    }

    public async Task Until(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            try
            {
                await _changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"after 20 s still not: {what}");
            }
        }
    }

    public static ulong Hash(ulong hash, ReadOnlySpan<byte> bytes) =>
        (hash * 31) + Storage.Files.Crc32C.Compute(bytes);
}
