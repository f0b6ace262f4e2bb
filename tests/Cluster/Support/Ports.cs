using System.Net;
using System.Net.Sockets;

namespace ShardStore.Cluster.Tests.Support;

/// <summary>Ports below the range from which the system serves outgoing connections: a node that is killed and started
/// again must find its port still free.</summary>
internal static class Ports
{
    private const int First = 10_000;
    private const int Last = 32_000;
    private static readonly Lock Taking = new();
    private static readonly HashSet<int> Taken = [];

    public static int[] Free(int count)
    {
        lock (Taking)
        {
            var found = new List<int>();
            while (found.Count < count)
            {
                var port = Random.Shared.Next(First, Last);
                if (!Taken.Contains(port) && IsFree(port) && Taken.Add(port))
                    found.Add(port);
            }
            return [.. found];
        }
    }

    /// <summary>A first port P such that P to P + count - 1 are free, and the same behind each further offset.
    /// </summary>
    public static int FreeRun(int count, params int[] offsets)
    {
        lock (Taking)
        {
            while (true)
            {
                var first = Random.Shared.Next(First, Last - offsets.Max() - count);
                var run = offsets.Append(0).SelectMany(offset => Enumerable.Range(first + offset, count)).ToArray();
                if (!run.All(port => !Taken.Contains(port) && IsFree(port)))
                    continue;
                Taken.UnionWith(run);
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
