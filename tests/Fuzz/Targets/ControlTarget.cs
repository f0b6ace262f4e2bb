using System.Text.Json;
using ShardStore.Balancer;
using ShardStore.Node.Placement;

namespace ShardStore.Fuzz.Targets;

/// <summary>Questions and answers between the nodes' control planes.</summary>
internal sealed class ControlTarget : IFuzzTarget
{
    public string Name => "control";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        Of(new StartMigration(MoveKind.ReplicaMove, 3, 1, 2, "why", 50)),
        Of(new AdvanceMigration(1, MigrationStage.Planned, MigrationStage.Seeding, 10, 20, "")),
        Of(new SetPolicy("{}")), Of(new ReportLeaders([new LeaderReport(1, 2, 3)])),
        JsonSerializer.SerializeToUtf8Bytes(
            new ControlReply { Id = 4, Ok = false, Error = "no", Meta = MetaResult.Refused("no") },
            MetaJson.Default.ControlReply),
    ];

    public void Seal(byte[] input)
    {
        // No checksum: frames have theirs.
    }

    public bool Read(byte[] input)
    {
        var request = ControlPlane.Read(input, MetaJson.Default.ControlRequest);
        var reply = ControlPlane.Read(input, MetaJson.Default.ControlReply);
        return request is not null || reply is not null;
    }

    public bool IsRefusal(Exception error) => false;

    private static byte[] Of(MetaCommand command) => JsonSerializer.SerializeToUtf8Bytes(
        new ControlRequest { Id = 4, Kind = ControlKind.ProposeMeta, Command = command },
        MetaJson.Default.ControlRequest);
}
