using System.Text.Json;
using System.Text.Json.Serialization;

namespace ShardStore.Balancer;

/// <summary>Compiled-in JSON shape of a policy; <c>partial</c> because the source generator completes it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(BalancingPolicy))]
internal sealed partial class PolicyJson : JsonSerializerContext;
