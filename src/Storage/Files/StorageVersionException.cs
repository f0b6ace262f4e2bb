namespace ShardStore.Storage.Files;

/// <summary>A file was written by a version of the program that this one does not know. Nothing was changed.</summary>
public sealed class StorageVersionException(string file, int found, int supported)
    : Exception($"{file}: format version {found} is not supported, this program reads version {supported}")
{
    public int Found { get; } = found;
}
