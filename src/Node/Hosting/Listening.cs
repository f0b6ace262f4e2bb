using System.Net;
using System.Net.Sockets;

namespace ShardStore.Node.Hosting;

/// <summary>Takes a node's addresses, and tells which one it was that could not be had.</summary>
internal static class Listening
{
    public static T Take<T>(string setting, IPEndPoint endpoint, Func<T> listen)
    {
        try
        {
            return listen();
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            var reason = (refused.GetBaseException() as SocketException)?.Message ?? refused.Message;
            throw new IOException($"cannot listen on {endpoint} (--{setting}): {reason}; "
                + "is another program running there?", refused);
        }
    }

    public static void Take(string setting, IPEndPoint endpoint, Action listen) =>
        Take(setting, endpoint, () =>
        {
            listen();
            return true;
        });
}
