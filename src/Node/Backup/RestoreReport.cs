namespace ShardStore.Node.Backup;

/// <summary>What `ctl restore --json` prints.</summary>
internal sealed record RestoreReport
{
    public required string Directory { get; init; }

    /// <summary>Of the cluster that was backed up, and of the one restored into.</summary>
    public required string FromClusterId { get; init; }
    public required string IntoClusterId { get; init; }
    public required DateTimeOffset BackupStarted { get; init; }
    public required int Shards { get; init; }
    public required long KeysWritten { get; init; }

    /// <summary>Keys whose time was over: not written, or gone before they could be read back.</summary>
    public required long KeysExpired { get; init; }

    /// <summary>Keys found again after they were written.</summary>
    public required long KeysReadBack { get; init; }

    /// <summary>True when values and ends were compared too, not only looked for.</summary>
    public required bool ValuesCompared { get; init; }

    /// <summary>Of keys and values written.</summary>
    public required long UserBytes { get; init; }
    public required double Seconds { get; init; }
}
