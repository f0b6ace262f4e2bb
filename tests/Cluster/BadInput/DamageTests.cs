namespace ShardStore.Cluster.Tests.BadInput;

/// <summary>Damage on disk, foreign and newer files: a torn tail is what a crash leaves and is cut; everything else
/// is refused by name, with every byte left for whoever repairs it.</summary>
public sealed class DamageTests(UsedDirectory used) : IClassFixture<UsedDirectory>
{
    [Fact]
    public async Task An_undamaged_directory_has_all_keys()
    {
        using var trial = used.Damage();
        await using var node = await trial.StartAsync();
        Assert.Equal($":{UsedDirectory.Keys + 1}", trial.Call("DBSIZE"));
        Assert.Equal("\"written\"", trial.Call($"GET {UsedDirectory.LastKey}"));
    }

    [Fact]
    public async Task A_torn_tail_of_the_log_is_cut_and_all_before_it_is_there()
    {
        using var trial = used.Damage();
        DamageTrial.Cut(trial.Log, DamageTrial.UsedBytes(trial.Log) - 1);
        await using var node = await trial.StartAsync();
        Assert.InRange(int.Parse(trial.Call("DBSIZE")[1..]), UsedDirectory.Keys, UsedDirectory.Keys + 1);
        Assert.Equal("+OK", trial.Call("SET after damage"));
    }

    [Fact]
    public async Task A_flipped_byte_inside_the_log_is_refused()
    {
        using var trial = used.Damage();
        DamageTrial.Flip(trial.Log, DamageTrial.UsedBytes(trial.Log) / 2);
        await trial.AssertRefusedAsync(trial.Log, "damaged at offset");
    }

    [Fact]
    public async Task A_flipped_byte_in_the_head_of_the_log_is_refused()
    {
        using var trial = used.Damage();
        DamageTrial.Flip(trial.Log, 20);
        await trial.AssertRefusedAsync(trial.Log, "damaged at offset 0");
    }

    [Fact]
    public async Task A_log_of_a_newer_format_is_refused()
    {
        using var trial = used.Damage();
        DamageTrial.MakeNewer(trial.Log, checkedBytes: 60);
        await trial.AssertRefusedAsync(trial.Log, "version 9", "version 1");
    }

    [Fact]
    public async Task A_directory_of_a_newer_format_is_refused()
    {
        using var trial = used.Damage();
        DamageTrial.MakeNewer(trial.Identity, (int)new FileInfo(trial.Identity).Length - 4);
        await trial.AssertRefusedAsync(trial.Dir, "version 9", "version 1");
    }

    [Fact]
    public async Task A_damaged_identity_is_refused()
    {
        using var trial = used.Damage();
        DamageTrial.Flip(trial.Identity, 15);
        await trial.AssertRefusedAsync(trial.Identity, "damaged");
    }

    [Fact]
    public async Task A_flipped_byte_in_a_checkpoint_is_refused()
    {
        using var trial = used.Damage();
        DamageTrial.Flip(trial.Pages, 4_096);
        await trial.AssertRefusedAsync(trial.Pages, "damaged at offset");
    }

    [Fact]
    public async Task A_checkpoint_that_ends_too_soon_is_refused()
    {
        using var trial = used.Damage();
        DamageTrial.Cut(trial.Pages, 8_192);
        await trial.AssertRefusedAsync(trial.Pages, "the file ends");
    }

    [Fact]
    public async Task A_checkpoint_without_its_file_is_refused()
    {
        using var trial = used.Damage();
        var pages = trial.Pages;
        File.Delete(pages);
        await trial.AssertRefusedAsync(pages, "missing");
    }

    [Fact]
    public async Task A_flipped_byte_in_a_manifest_is_refused()
    {
        using var trial = used.Damage();
        DamageTrial.Flip(trial.Manifest, 12);
        await trial.AssertRefusedAsync(trial.Manifest, "damaged");
    }

    [Fact]
    public async Task A_manifest_that_ends_too_soon_is_refused()
    {
        using var trial = used.Damage();
        var manifest = trial.Manifest;
        DamageTrial.Cut(manifest, 5);
        await trial.AssertRefusedAsync(manifest, "damaged");
    }

    [Fact]
    public async Task The_directory_of_another_cluster_is_refused()
    {
        using var trial = used.Damage();
        var other = Support.Ports.Free(1)[0];
        await trial.AssertRefusedAsAsync(
            ["--peer-listen", NodeTrial.At(other)], trial.Dir, "belongs to cluster id");
    }

    [Fact]
    public async Task The_directory_of_another_node_is_refused()
    {
        using var trial = used.Damage();
        await trial.AssertRefusedAsAsync(["--id", "n7"], trial.Dir, "belongs to node name n1", "n7");
    }
}
