using ShardStore.Storage.Files;
using ShardStore.Storage.Log;
using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Storage.Tests.Log;

/// <summary>Random batches, crashes at random disk operations, and a comparison with the model after each restart.
/// Replay a failure with SHARDSTORE_TEST_SEED.</summary>
public sealed class AppendLogFuzzTests(ITestOutputHelper output)
{
    private static readonly AppendLogOptions Options =
        new() { SegmentBytes = 8192, CacheBytesMax = 4000, CleanBytesMax = 4096, Salt = 77 };

    [Fact]
    public void What_was_committed_survives_every_crash_and_nothing_else_appears()
    {
        var given = Environment.GetEnvironmentVariable("SHARDSTORE_TEST_SEED");
        var first = given is null ? Environment.TickCount : int.Parse(given);
        var runs = given is null ? 150 : 1;
        var totals = new FuzzTotals();
        for (var seed = first; seed < first + runs; seed++)
            Run(seed, totals);
        output.WriteLine($"seeds {first}..{first + runs - 1}: {totals}");
        Assert.True(given is not null || totals is { Crashes: > 500, Kept: > 0, Lost: > 0, SegmentsDeleted: > 0 },
            $"the faults did not all fire: {totals}");
    }

    [Fact]
    public void A_flipped_byte_is_refused_or_costs_the_last_batch_but_is_never_silent()
    {
        var given = Environment.GetEnvironmentVariable("SHARDSTORE_TEST_SEED");
        var first = given is null ? Environment.TickCount : int.Parse(given);
        var runs = given is null ? 200 : 1;
        var refused = 0;
        for (var seed = first; seed < first + runs; seed++)
            refused += FlipOne(seed) ? 1 : 0;
        output.WriteLine($"seeds {first}..{first + runs - 1}: {refused} refused");
        Assert.True(given is not null || refused > runs / 2, $"only {refused} of {runs} were refused");
    }

    // True when the damage was refused.
    private static bool FlipOne(int seed)
    {
        var random = new Random(seed);
        var files = new FaultyFileSystem();
        var (before, model) = (new LogModel(), new LogModel());
        var workload = new LogWorkload(random, streams: 4);
        using (var log = AppendLog.Open(files, "/log", Options))
        {
            var batch = new LogBatch();
            for (var commits = random.Next(5, 60); commits > 0; commits--)
            {
                before = model.Clone();
                workload.Draw(batch, model);
                log.Commit(batch);
            }
        }
        var victims = files.Files.OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        var bytes = victims[random.Next(victims.Count)].Bytes;
        bytes[random.Next(bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1)] ^= (byte)(1 << random.Next(8));
        try
        {
            using var log = AppendLog.Open(files, "/log", Options);
            var found = LogModel.Describe(log);
            Assert.True(found == before.Describe() || found == model.Describe(),
                $"damage went unnoticed; replay with SHARDSTORE_TEST_SEED={seed}");
            return false;
        }
        catch (Exception error) when (error is StorageCorruptException or StorageVersionException)
        {
            return true;
        }
    }

    private static void Run(int seed, FuzzTotals totals)
    {
        var random = new Random(seed);
        var files = new FaultyFileSystem();
        var model = new LogModel();
        var workload = new LogWorkload(random, streams: random.Next(1, 6));
        for (var restart = 0; restart < 8; restart++)
            (files, model) = RunUntilCrash(files, model, workload, random, new FuzzRun(seed, restart, totals));
    }

    private static (FaultyFileSystem Files, LogModel Model) RunUntilCrash(
        FaultyFileSystem files, LogModel model, LogWorkload workload, Random random, FuzzRun run)
    {
        var changesLeft = random.Next(1, 150);
        files.BeforeChange = what =>
        {
            if (what.StartsWith("delete", StringComparison.Ordinal))
                run.Totals.SegmentsDeleted++;
            if (--changesLeft <= 0)
                throw new CrashException();
        };
        var next = model;
        try
        {
            using var log = AppendLog.Open(files, "/log", Options);
            run.Check(LogModel.Describe(log) == model.Describe());
            var batch = new LogBatch();
            for (; ; model = next)
            {
                next = model.Clone();
                workload.Draw(batch, next);
                log.Commit(batch);
                run.Check(random.Next(4) != 0 || LogModel.Describe(log) == next.Describe());
            }
        }
        catch (Exception error) when (error is CrashException or FatalStorageException)
        {
            run.Totals.Crashes++;
        }
        // Half of the crashes only kill the process: what it wrote is seen again, synced or not.
        files.BeforeChange = null;
        var after = random.Next(2) == 0 ? files.Crash(random) : files;
        return Restart(after, model, next, run);
    }

    private static (FaultyFileSystem Files, LogModel Model) Restart(
        FaultyFileSystem files, LogModel committed, LogModel promised, FuzzRun run)
    {
        using var log = AppendLog.Open(files, "/log", Options);
        var found = LogModel.Describe(log);
        if (found == promised.Describe())
        {
            run.Totals.Kept++;
            return (files, promised);
        }
        run.Totals.Lost++;
        run.Check(found == committed.Describe());
        return (files, committed);
    }

    private sealed class CrashException : Exception;

    private sealed record FuzzTotals
    {
        public int Crashes { get; set; }
        public int Kept { get; set; }
        public int Lost { get; set; }
        public int SegmentsDeleted { get; set; }
    }

    private sealed record FuzzRun(int Seed, int Restart, FuzzTotals Totals)
    {
        public void Check(bool holds) => Assert.True(holds,
            $"restart {Restart}: the log differs from the model; replay with SHARDSTORE_TEST_SEED={Seed}");
    }
}
