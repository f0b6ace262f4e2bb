namespace ShardStore.Storage;

/// <summary>Reads what lies at rest again, a piece at a time, and compares it with the checksums it was written with.
/// What is deleted meanwhile, because something newer took its place, is no damage. For the background: one thread at a
/// time, beside whoever uses the store or the log.</summary>
public interface IScrub : IDisposable
{
    /// <summary>Reads on, about <paramref name="bytesMax"/> bytes but at least one page or batch, and returns how many
    /// it read: 0 at the end. Throws <see cref="StorageCorruptException"/> for what is damaged or cannot be read; the
    /// next call goes on behind it, if there is anything to go on with.</summary>
    int Read(int bytesMax);
}
