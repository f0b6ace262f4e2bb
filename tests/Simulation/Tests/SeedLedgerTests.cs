using ShardStore.Simulation.World;
using Xunit;

namespace ShardStore.Simulation.Tests;

public sealed class SeedLedgerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shardstore-ledger-").FullName;

    private string File => Path.Combine(_folder, "seeds.jsonl");

    [Fact]
    public void A_run_goes_on_behind_the_last_seed_of_its_commit()
    {
        using (var ledger = SeedLedger.Open(File)!)
        {
            Assert.Equal(7, ledger.NextSeed(7));
            for (var seed = 7; seed < 130; seed++)
                ledger.Add(new RunResult(seed, seed == 9 ? "broken" : null, 0, new RunCounters(), 1, []));
        }
        using var next = SeedLedger.Open(File)!;
        Assert.Equal(130, next.NextSeed(1));
        Assert.Equal(2, System.IO.File.ReadLines(File).Count());
        Assert.Contains("\"failures\":1", System.IO.File.ReadLines(File).First());
    }

    [Fact]
    public void Seeds_of_another_commit_do_not_count()
    {
        System.IO.File.WriteAllText(
            File, """{"commit":"0000","first":1,"count":500,"failures":0,"seconds":9}""" + "\n");
        using var ledger = SeedLedger.Open(File)!;
        Assert.Equal(1, ledger.NextSeed(1));
    }

    [Fact]
    public void A_file_that_is_no_ledger_is_named()
    {
        System.IO.File.WriteAllText(File, "not json\n");
        using var ledger = SeedLedger.Open(File)!;
        Assert.Contains(File, Assert.Throws<InvalidDataException>(() => ledger.NextSeed(1)).Message);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
