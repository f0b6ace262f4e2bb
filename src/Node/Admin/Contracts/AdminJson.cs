using System.Text.Json;
using System.Text.Json.Serialization;

namespace ShardStore.Node.Admin.Contracts;

/// <summary>The JSON of the admin API, for both sides: camelCase, nulls left out, no reflection.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(IReadOnlyList<NodeView>))]
[JsonSerializable(typeof(IReadOnlyList<ShardView>))]
[JsonSerializable(typeof(MigrationView))]
[JsonSerializable(typeof(IReadOnlyList<MigrationView>))]
[JsonSerializable(typeof(IReadOnlyList<RecommendationView>))]
[JsonSerializable(typeof(RecommendationView))]
[JsonSerializable(typeof(IReadOnlyList<EndedRecommendationView>))]
[JsonSerializable(typeof(VetoRequest))]
[JsonSerializable(typeof(WhyView))]
[JsonSerializable(typeof(SeriesView))]
[JsonSerializable(typeof(IReadOnlyList<SeriesView>))]
[JsonSerializable(typeof(SeriesImport))]
[JsonSerializable(typeof(SeriesImportView))]
[JsonSerializable(typeof(ForecastView))]
[JsonSerializable(typeof(IReadOnlyList<ForecastView>))]
[JsonSerializable(typeof(NodeForecastView))]
[JsonSerializable(typeof(CostView))]
[JsonSerializable(typeof(IReadOnlyList<NodeForecastView>))]
[JsonSerializable(typeof(IReadOnlyList<EventView>))]
[JsonSerializable(typeof(IReadOnlyList<AlertView>))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PolicyCheckView))]
[JsonSerializable(typeof(IReadOnlyList<PolicyVersionView>))]
[JsonSerializable(typeof(ModelView))]
[JsonSerializable(typeof(ModelUpload))]
[JsonSerializable(typeof(MigrateRequest))]
[JsonSerializable(typeof(EntryRequest))]
[JsonSerializable(typeof(EntryView))]
[JsonSerializable(typeof(ProblemView))]
public sealed partial class AdminJson : JsonSerializerContext;
