namespace ShardStore.Storage;

/// <summary>The figures a store keeps up with every write and saves with every checkpoint, so that opening one needs
/// no scan.</summary>
internal record struct StoreCounters(
    long KeyCount, long ExpiringCount, long RecordCount, long LiveBytes, ulong ContentHash)
{
    public void Add(in RecordStamp stamp, uint crc, int keyBytes, int valueBytes)
    {
        Count(stamp, 1, keyBytes + (long)valueBytes);
        ContentHash += RecordHash.Share(stamp, crc, keyBytes, valueBytes);
    }

    public void Remove(in RecordStamp stamp, uint crc, int keyBytes, int valueBytes)
    {
        Count(stamp, -1, -(keyBytes + (long)valueBytes));
        ContentHash -= RecordHash.Share(stamp, crc, keyBytes, valueBytes);
    }

    private void Count(in RecordStamp stamp, int records, long bytes)
    {
        RecordCount += records;
        LiveBytes += bytes;
        if (stamp.Space != KeySpace.User)
            return;
        KeyCount += records;
        if (stamp.ExpireAtMs != 0)
            ExpiringCount += records;
    }
}
