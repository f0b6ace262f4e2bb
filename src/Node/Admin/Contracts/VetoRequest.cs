using System.Text.Json.Serialization;

namespace ShardStore.Node.Admin.Contracts;

/// <summary>POST /api/v1/recommendations/{id}/veto: for how long the shard stays. A body is optional; a misspelt field
/// is refused, or the shard would stay for another time than was meant.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record VetoRequest(int Minutes = VetoRequest.MinutesDefault)
{
    public const int MinutesDefault = 60;
}
