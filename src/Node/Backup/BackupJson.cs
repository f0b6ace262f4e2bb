using System.Text.Json;
using System.Text.Json.Serialization;

namespace ShardStore.Node.Backup;

/// <summary>The JSON of backup.json and of the reports: camelCase, for people too, nothing unknown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(BackupManifest))]
[JsonSerializable(typeof(BackupReport))]
[JsonSerializable(typeof(RestoreReport))]
internal sealed partial class BackupJson : JsonSerializerContext;
