using ShardStore.Node.Server;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>INFO [section …]. The keyspace section needs the shards' counts; the others are known here.</summary>
internal static class StatusReportCommand
{
    private static readonly string[] Everything = ["all", "everything"];

    public static void Run(ConnectionSession session, ClientRequest request)
    {
        var wanted = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 1; i < request.Arguments.Count; i++)
            wanted.Add(RespErrorText.Show(request.Arguments[i]));
        if (wanted.Count == 0)
            wanted.Add("default");
        var isDefault = wanted.Contains("default");
        var isAll = wanted.Overlaps(Everything);
        bool IsWanted(string name, bool inDefault) => isAll || wanted.Contains(name) || (isDefault && inDefault);
        if (!IsWanted("keyspace", true))
        {
            request.Reply.WriteVerbatim(StatusReport.Build(session, IsWanted, null));
            request.Complete();
            return;
        }
        var command = new RespArguments();
        command.Add("shardstore.keycount"u8);
        Gather.FromOwnShards(session, request, command, (gather, reply) =>
            reply.WriteVerbatim(StatusReport.Build(session, IsWanted, CountKeys(gather))));
    }

    private static (long Keys, long Expiring) CountKeys(Gather gather)
    {
        long keys = 0;
        long expiring = 0;
        foreach (var child in gather.Children)
        {
            var at = 0;
            Gather.ReadNumber(child.Reply.Written, ref at);
            keys += Gather.ReadNumber(child.Reply.Written, ref at);
            expiring += Gather.ReadNumber(child.Reply.Written, ref at);
        }
        return (keys, expiring);
    }
}
