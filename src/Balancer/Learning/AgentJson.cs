using System.Text.Json.Serialization;

namespace ShardStore.Balancer.Learning;

/// <summary>Compiled-in JSON shape of an agent; <c>partial</c> because the source generator completes it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AgentShape))]
internal sealed partial class AgentJson : JsonSerializerContext;
