using System.Text.Json;

namespace ShardStore.Node.Admin.Contracts;

/// <summary>GET and PUT /api/v1/policy. A PUT names the version it replaces; 409 when another came first.</summary>
public sealed record PolicyView(long Version, JsonElement Document);

/// <summary>POST /api/v1/policy/check: what a document would change if it were set now. Nothing is changed by
/// asking.</summary>
public sealed record PolicyCheckView
{
    /// <summary>Version in force, which the answer compares with.</summary>
    public required long Version { get; init; }

    /// <summary>Fields whose value becomes another one; what a preset or a default gives counts.</summary>
    public required IReadOnlyList<PolicyChangeView> Changes { get; init; }

    /// <summary>Proposals that the controller would no longer make, on the load of its last round.</summary>
    public required IReadOnlyList<RecommendationView> Gone { get; init; }

    /// <summary>Proposals that it would make instead.</summary>
    public required IReadOnlyList<RecommendationView> New { get; init; }
}

/// <summary>A field by its path and its values as JSON.</summary>
public sealed record PolicyChangeView(string Path, string From, string To);

/// <summary>GET /api/v1/policy/versions: a version, when it was set, and what it changed of the one before; empty
/// where that is no longer kept.</summary>
public sealed record PolicyVersionView(
    long Version, long SetUnixMs, string Mode, string? Preset, IReadOnlyList<PolicyChangeView> Changes);
