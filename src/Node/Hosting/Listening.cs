using System.Net;
using System.Net.Sockets;

namespace ShardStore.Node.Hosting;

/// <summary>Takes a node's addresses, and tells which one it was that could not be had.</summary>
internal static class Listening
{
    public static async Task<T> TakeAsync<T>(string setting, IPEndPoint endpoint, Func<Task<T>> listen)
    {
        try
        {
            return await listen();
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            throw Refused(setting, endpoint, refused);
        }
    }

    public static void Take(string setting, IPEndPoint endpoint, Action listen)
    {
        try
        {
            listen();
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            throw Refused(setting, endpoint, refused);
        }
    }

    private static IOException Refused(string setting, IPEndPoint endpoint, Exception refused)
    {
        var reason = (refused.GetBaseException() as SocketException)?.Message ?? refused.Message;
        return new IOException(
            $"cannot listen on {endpoint} (--{setting}): {reason}; is another program running there?", refused);
    }
}
