using System.Diagnostics;
using System.Security.Cryptography;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Cli.Ctl;
using ShardStore.Node.Transport;

namespace ShardStore.Node.Hosting;

/// <summary>How a new node becomes a member of a cluster that exists: it asks any member's admin API, once in its life.
/// </summary>
internal static class ClusterEntry
{
    /// <summary>An election of the meta group fits in.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(300);

    /// <exception cref="IOException">Nobody answered, or the cluster said no; the text says which.</exception>
    public static async Task<ClusterMembership> AskAsync(NodeOptions options, CancellationToken stop)
    {
        using var client = new AdminClient(new Uri($"http://{options.Enter}"));
        var request = RequestOf(options);
        var began = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var json = await client.PostAsync("nodes", request, AdminJson.Default.EntryRequest, stop);
                return MembershipOf(client.Parse(json, AdminJson.Default.EntryView));
            }
            catch (AdminProblemException problem)
            {
                if (problem.IsFinal || began.Elapsed > s_patience)
                    throw new IOException($"--enter {options.Enter}: {problem.Message}", problem);
            }
            // The nonce makes a second try the same entry.
            await Task.Delay(s_pause, stop);
        }
    }

    private static EntryRequest RequestOf(NodeOptions options) => new()
    {
        Name = options.Id,
        Host = options.Announce.Host,
        Port = options.Announce.Port,
        PeerHost = options.PeerAnnounce.Host,
        PeerPort = options.PeerListen.Port,
        AdminPort = options.AnnounceAdminPort,
        Zone = options.Zone,
        CapacityCores = options.CapacityCores,
        Nonce = RandomNumberGenerator.GetHexString(32),
    };

    private static ClusterMembership MembershipOf(EntryView entry) => new(
        entry.ClusterId, entry.Number, 0,
        [.. entry.Members.Where(member => member.Number != entry.Number)
            .Select(member => new PeerAddress(member.Number, member.Name, member.PeerHost, member.PeerPort))]);
}
