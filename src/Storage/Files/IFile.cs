namespace ShardStore.Storage.Files;

/// <summary>An open file, read and written at given offsets. Reads may run beside a write to another place.
/// Errors of the world (no space, I/O error) throw <see cref="IOException"/>.</summary>
public interface IFile : IDisposable
{
    string Path { get; }

    long Length { get; }

    /// <summary>Fills <paramref name="into"/> as far as the file reaches; fewer bytes only at its end.</summary>
    int ReadAt(long offset, Span<byte> into);

    /// <summary>Asks the system to drop its copy of what is on the disk, so that the next reads come from there.
    /// Advice: a file that nobody caches has nothing to do.</summary>
    void ForgetCached()
    {
        // Simulated disks have no cache above them.
    }

    /// <summary>Writes all bytes or throws. Not durable before <see cref="Sync"/>.</summary>
    void WriteAt(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file, or extends it by zeros that take no space yet.</summary>
    void SetLength(long length);

    /// <summary>Extends the file to at least <paramref name="length"/> by zeros whose space is reserved: later writes
    /// below it cannot run out of space. Throws when there is not enough.</summary>
    void Preallocate(long length);

    /// <summary>Makes contents and length durable. A failure throws <see cref="FatalStorageException"/>: the kernel
    /// may have dropped the unwritten pages, so a second sync that succeeds would prove nothing.</summary>
    void Sync();
}
