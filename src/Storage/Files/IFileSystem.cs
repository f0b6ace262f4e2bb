namespace ShardStore.Storage.Files;

/// <summary>The few file operations that storage needs: the seam where tests and the simulator put disks that lose,
/// tear and fail. Synchronous. Names that were created, renamed or deleted are durable only after
/// <see cref="SyncDirectory"/> of their directory.</summary>
public interface IFileSystem
{
    /// <summary>A new, empty file. Throws IOException when the path exists.</summary>
    IFile Create(string path);

    /// <summary>An existing file, for reading and writing. Throws FileNotFoundException when it is missing.</summary>
    IFile Open(string path);

    bool FileExists(string path);

    bool DirectoryExists(string path);

    /// <summary>Names (not paths) of the files of a directory, in ordinal order; its folders are not listed.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Replaces an existing target in one step.</summary>
    void Rename(string from, string to);

    /// <summary>The file must exist. Space is freed when its last open handle is disposed.</summary>
    void Delete(string path);

    /// <summary>Creates missing parents too; nothing to do when it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Deletes the directory with all it holds.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes creations, renames and deletions in a directory durable. Fails like <see cref="IFile.Sync"/>.
    /// </summary>
    void SyncDirectory(string path);

    /// <summary>Bytes that can still be written on the file system that holds the directory.</summary>
    long AvailableBytes(string directory);
}
