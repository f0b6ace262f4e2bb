using System.Text.Json.Serialization;

namespace ShardStore.Node.Placement;

/// <summary>Records and commands of the meta group as JSON: rare, small, and readable in a dump.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(MetaEnvelope))]
[JsonSerializable(typeof(ClusterRecord))]
[JsonSerializable(typeof(NodeRecord))]
[JsonSerializable(typeof(ShardRecord))]
[JsonSerializable(typeof(MigrationRecord))]
[JsonSerializable(typeof(EventRecord))]
[JsonSerializable(typeof(PolicyRecord))]
[JsonSerializable(typeof(ModelSet))]
[JsonSerializable(typeof(RecommendationRecord))]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlReply))]
internal sealed partial class MetaJson : JsonSerializerContext;
