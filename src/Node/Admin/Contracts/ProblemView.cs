namespace ShardStore.Node.Admin.Contracts;

/// <summary>Every error of the API: RFC 9457, content type application/problem+json.</summary>
public sealed record ProblemView
{
    public const string ContentType = "application/problem+json";

    /// <summary>Stable name of the kind of problem, such as "urn:shardstore:unknown-node".</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }
    public required int Status { get; init; }

    /// <summary>Names the thing, the value, and what is allowed.</summary>
    public required string Detail { get; init; }
}
