using Microsoft.AspNetCore.Http;
using ShardStore.Node.Admin.Contracts;
using ShardStore.Node.Placement;

namespace ShardStore.Node.Admin.Endpoints;

/// <summary>Members come and go.</summary>
internal sealed class MemberEndpoints(AdminContext context)
{
    private const int NameMax = 64;
    private const int NonceMax = 64;

    public async Task EnterAsync(HttpContext http)
    {
        var asked = await AdminContext.BodyAsync(http, AdminJson.Default.EntryRequest);
        Check(asked);
        var record = new NodeRecord(
            0, asked.Name, "", asked.Host, asked.Port, asked.PeerPort, asked.AdminPort, asked.Zone, asked.CapacityCores,
            Draining: false)
        {
            PeerHost = asked.PeerHost,
        };
        var number = 0;
        var changed = await context.ChangeAsync(
            new AdmitNode(record, asked.Nonce),
            (result, view) => view.Nodes.Any(node => node.Number == (number = (int)result.Id)), http.RequestAborted);
        if (changed.View.Nodes.All(node => node.Number != number))
            throw AdminProblem.Later($"{asked.Name} was let in, but this node has not heard of it yet; ask again");
        var view = new EntryView
        {
            ClusterId = changed.View.Map.ClusterId,
            Number = number,
            Members = [.. changed.View.Nodes.Select(node =>
                new MemberAddress(node.Number, node.Name, node.PeerHost, node.PeerPort))],
        };
        await AdminContext.WriteAsync(http, view, AdminJson.Default.EntryView);
    }

    public async Task RemoveAsync(HttpContext http)
    {
        var reading = await context.ReadAsync(http.RequestAborted);
        var name = Path.Text(http, "name");
        var node = reading.Find(name) ?? throw AdminProblem.UnknownNode("node", name, reading.NodeNames);
        await context.ChangeAsync(
            new RemoveNode(node.Number), (_, view) => view.Nodes.All(now => now.Number != node.Number),
            http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static void Check(EntryRequest asked)
    {
        Require(asked.Name is { Length: > 0 and <= NameMax }, "name", asked.Name, $"1 to {NameMax} characters");
        Require(asked.Nonce is { Length: > 0 and <= NonceMax }, "nonce", asked.Nonce, $"1 to {NonceMax} characters");
        RequireHost("host", asked.Host);
        RequireHost("peerHost", asked.PeerHost);
        RequirePort("port", asked.Port);
        RequirePort("peerPort", asked.PeerPort);
        RequirePort("adminPort", asked.AdminPort);
        Require(asked.Zone is { Length: <= NameMax }, "zone", asked.Zone, $"at most {NameMax} characters");
        Require(asked.CapacityCores is >= 0.05 and <= 1024, "capacityCores", asked.CapacityCores, "0.05 to 1024");
    }

    private static void RequireHost(string field, string host) => Require(
        host is { Length: > 0 } && Uri.CheckHostName(host) != UriHostNameType.Unknown, field, host,
        "a host name or an address");

    private static void RequirePort(string field, int port) =>
        Require(port is >= 1 and <= 65535, field, port, "1 to 65535");

    private static void Require(bool holds, string field, object? value, string allowed)
    {
        if (!holds)
            throw AdminProblem.BadBody($"{field} '{value}': must be {allowed}");
    }
}
