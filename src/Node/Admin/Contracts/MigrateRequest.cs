namespace ShardStore.Node.Admin.Contracts;

/// <summary>POST /api/v1/migrations: move a shard from one node to another, by name. Answers a
/// <see cref="MigrationView"/>.</summary>
public sealed record MigrateRequest(int Shard, string From, string To);
