using System.Text.Json;

namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET and PUT /api/v1/policy. A PUT names the version it replaces; 409 when another came first.</summary>
public sealed record PolicyView(long Version, JsonElement Document);
