using System.Buffers;
using Xunit;

namespace ShardStore.Storage.Tests.Store;

/// <summary>What every engine must do about checkpoints and snapshots.</summary>
public abstract class DurableStoreContract : KeyValueStoreContract
{
    [Fact]
    public void Without_a_checkpoint_a_store_opens_empty()
    {
        using (IKeyValueStore store = Engine.Create(Root + "/a"))
            store.Put(KeySpace.User, "k"u8, "v"u8, 0, 1);
        using IKeyValueStore opened = Engine.Open(Root + "/a", out CheckpointState? state);
        Assert.Null(state);
        Assert.Equal(0, opened.KeyCount);
        Assert.Null(opened.OpenSnapshot());
    }

    [Fact]
    public void A_store_opens_with_its_newest_checkpoint_and_goes_on()
    {
        Random random = Seeds.New(nameof(A_store_opens_with_its_newest_checkpoint_and_goes_on));
        StoreModel model = new();
        ulong sequence = 0;
        IKeyValueStore store = Engine.Create(Root + "/a");
        for (int round = 1; round <= 8; round++)
        {
            for (int write = 0; write < 600; write++)
                model.ApplyRandom(random, store, ++sequence);
            StoreModel saved = model.Copy();
            Assert.Equal(sequence, store.Checkpoint(sequence).AppliedIndex);
            for (int write = 0; write < round * 40; write++)
                model.ApplyRandom(random, store, sequence + 1);
            store.Dispose();
            store = Engine.Open(Root + "/a", out CheckpointState? state);
            Assert.Equal(sequence, state!.AppliedIndex);
            Assert.Equal(new byte[] { 1, 2, 3 }, state.Configuration);
            model = saved;
            model.AssertEqual(store);
            Assert.Equal(store.ContentHash, store.ComputeContentHash());
        }
        store.Dispose();
    }

    [Fact]
    public void A_checkpoint_holds_what_was_written_before_it_began_and_nothing_after()
    {
        Random random = Seeds.New(nameof(A_checkpoint_holds_what_was_written_before_it_began_and_nothing_after));
        StoreModel model = new();
        IKeyValueStore store = Engine.Create(Root + "/a");
        ulong sequence = 0;
        for (int round = 0; round < 60; round++)
        {
            for (int write = random.Next(60); write >= 0; write--)
                model.ApplyRandom(random, store, ++sequence);
            StoreModel saved = model.Copy();
            Assert.True(store.TryBeginCheckpoint(new CheckpointState(sequence, 1, [], 0)));
            ulong begun = sequence;
            CheckpointState? durable;
            do
                model.ApplyRandom(random, store, ++sequence);
            while ((durable = store.PollCheckpoint()) is null);
            Assert.Equal(begun, durable.AppliedIndex);
            if (round % 5 != 4)
                continue;
            store.Dispose();
            store = Engine.Open(Root + "/a", out CheckpointState? state);
            Assert.Equal(begun, state!.AppliedIndex);
            model = saved;
            model.AssertEqual(store);
        }
        store.Dispose();
    }

    [Fact]
    public void The_newest_checkpoint_can_be_read_again_and_is_sound()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        Assert.Null(store.OpenScrub());
        store.Put(KeySpace.User, "k"u8, new byte[5000], 0, 1);
        store.Checkpoint(1);
        using IScrub scrub = store.OpenScrub()!;
        long read = 0;
        while (scrub.Read(1000) is var more and > 0)
            read += more;
        Assert.InRange(read, 5000, 100_000);
        Assert.Null(store.Damage);
    }

    [Fact]
    public void Only_one_checkpoint_runs_at_a_time()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        Assert.Null(store.PollCheckpoint());
        Assert.True(store.TryBeginCheckpoint(new CheckpointState(1, 1, [], 0)));
        Assert.False(store.TryBeginCheckpoint(new CheckpointState(2, 1, [], 0)));
        Assert.Equal(1ul, store.AwaitCheckpoint().AppliedIndex);
        Assert.Null(store.PollCheckpoint());
        Assert.Equal(2ul, store.Checkpoint(2).AppliedIndex);
    }

    [Fact]
    public void Clearing_after_a_checkpoint_counts_only_with_the_next_one()
    {
        IKeyValueStore store = Engine.Create(Root + "/a");
        store.Put(KeySpace.User, "k"u8, "v"u8, 0, 1);
        store.Checkpoint(1);
        store.Clear(2);
        store.Put(KeySpace.User, "new"u8, "v"u8, 0, 3);
        store.Dispose();
        store = Engine.Open(Root + "/a", out _);
        Assert.True(store.TryRead(KeySpace.User, "k"u8, new RecordBuffer()));
        Assert.Equal(1, store.KeyCount);
        Assert.True(store.TryBeginCheckpoint(new CheckpointState(1, 1, [], 0)));
        store.Clear(2);
        Assert.Equal(1ul, store.AwaitCheckpoint().AppliedIndex);
        store.Put(KeySpace.User, "new"u8, "v"u8, 0, 3);
        store.Checkpoint(3);
        store.Dispose();
        store = Engine.Open(Root + "/a", out CheckpointState? state);
        Assert.Equal(3ul, state!.AppliedIndex);
        Assert.False(store.TryRead(KeySpace.User, "k"u8, new RecordBuffer()));
        Assert.Equal(1, store.KeyCount);
        store.Dispose();
    }

    [Fact]
    public void A_snapshot_makes_an_equal_store_elsewhere_while_the_source_goes_on()
    {
        Random random = Seeds.New(nameof(A_snapshot_makes_an_equal_store_elsewhere_while_the_source_goes_on));
        StoreModel model = new();
        using IKeyValueStore store = Engine.Create(Root + "/a");
        ulong sequence = 0;
        while (sequence < 3000)
            model.ApplyRandom(random, store, ++sequence);
        store.Checkpoint(sequence);
        StoreModel saved = model.Copy();
        using ISnapshotSource source = store.OpenSnapshot()!;
        Assert.Equal(3000ul, source.State.AppliedIndex);
        for (int chunk = 0; chunk < source.ChunkCount; chunk++)
        {
            // A new receiver for each chunk: the process has died in between.
            using ISnapshotReceiver receiver = Engine.Receive(Root + "/b");
            Assert.False(Engine.Exists(Root + "/b"));
            Assert.Equal(chunk, receiver.NextChunk);
            receiver.WriteChunk(chunk, ChunkOf(source, chunk));
            Assert.Equal(chunk + 1, receiver.NextChunk);
            for (int write = 0; write < 500; write++)
                model.ApplyRandom(random, store, ++sequence);
            if (chunk % 2 == 1)
                store.Checkpoint(sequence);
            if (chunk == source.ChunkCount - 1)
                receiver.Complete();
        }
        using IKeyValueStore copy = Engine.Open(Root + "/b", out CheckpointState? state);
        Assert.Equal(3000ul, state!.AppliedIndex);
        Assert.Equal(source.ContentHash, copy.ContentHash);
        Assert.Equal(source.ContentHash, copy.ComputeContentHash());
        saved.AssertEqual(copy);
        for (int write = 0; write < 500; write++)
            saved.ApplyRandom(random, copy, ++sequence);
        copy.Checkpoint(sequence);
        saved.AssertEqual(copy);
    }

    [Fact]
    public void A_receiver_refuses_damaged_foreign_and_misplaced_chunks()
    {
        using IKeyValueStore store = Engine.Create(Root + "/a");
        store.Put(KeySpace.User, "k"u8, Bytes(600_000), 0, 1);
        store.Checkpoint(1);
        using ISnapshotSource source = store.OpenSnapshot()!;
        store.Put(KeySpace.User, "k"u8, Bytes(600_001), 0, 2);
        store.Checkpoint(2);
        using ISnapshotSource later = store.OpenSnapshot()!;
        using ISnapshotReceiver receiver = Engine.Receive(Root + "/b");
        byte[] first = ChunkOf(source, 0);
        for (int offset = 0; offset < first.Length; offset += 1 + offset / 40)
        {
            byte[] flipped = [.. first];
            flipped[offset] ^= 0x10;
            Assert.ThrowsAny<Exception>(() => receiver.WriteChunk(0, flipped));
        }
        Assert.Throws<StorageCorruptException>(() => receiver.WriteChunk(1, ChunkOf(source, 1)));
        receiver.WriteChunk(0, first);
        Assert.Throws<StorageCorruptException>(() => receiver.WriteChunk(0, first));
        Assert.Throws<StorageCorruptException>(() => receiver.WriteChunk(1, ChunkOf(later, 1)));
        Assert.Throws<StorageCorruptException>(() => receiver.WriteChunk(1, ChunkOf(source, 1).AsSpan(0, 50)));
        Assert.Throws<StorageCorruptException>(receiver.Complete);
        for (int chunk = 1; chunk < source.ChunkCount; chunk++)
            receiver.WriteChunk(chunk, ChunkOf(source, chunk));
        receiver.Complete();
        Assert.True(Engine.Exists(Root + "/b"));
    }

    [Fact]
    public void A_deleted_store_is_gone_and_its_place_is_free()
    {
        Engine.Create(Root + "/a").Dispose();
        Assert.True(Engine.Exists(Root + "/a"));
        Assert.Throws<IOException>(() => Engine.Create(Root + "/a"));
        Engine.Delete(Root + "/a");
        Engine.Delete(Root + "/a");
        Assert.False(Engine.Exists(Root + "/a"));
        Assert.Throws<IOException>(() => Engine.Open(Root + "/a", out _));
        Engine.Create(Root + "/a").Dispose();
    }

    protected static byte[] ChunkOf(ISnapshotSource source, int chunk)
    {
        ArrayBufferWriter<byte> writer = new();
        source.ReadChunk(chunk, writer);
        return writer.WrittenSpan.ToArray();
    }
}
