using ShardStore.Simulation.Mutation;
using Xunit;

namespace ShardStore.Simulation.Tests;

/// <summary>Patches rot: each must still apply to the sources, so that "--bug all" can show that it is found.</summary>
public sealed class PlantedBugTests
{
    private static readonly int[] MustBePlanted =
        [3, 7, 8, 19, 20, 22, 23, 24, 32, 33, 37, 38, 43, 49, 52, 56, 57, 59, 63];

    public static TheoryData<string> Names => [.. PlantedBug.All.Select(bug => bug.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_planted_bug_still_applies(string name)
    {
        var bug = PlantedBug.All.Single(bug => bug.Name == name);
        Assert.NotEmpty(bug.Story);
        Assert.NotEmpty(bug.Touched);
        Assert.All(bug.Touched, file => Assert.StartsWith("src/", file));
        using var touched = PatchedSource.TouchedBy(bug);
        Assert.Null(touched.Check(bug));
    }

    [Fact]
    public void A_patch_that_does_not_fit_is_named()
    {
        var bug = PlantedBug.All[0];
        using var touched = PatchedSource.TouchedBy(bug);
        Assert.Null(touched.Plant(bug));
        Assert.Contains(bug.Name, touched.Check(bug));
        Assert.Null(touched.Remove(bug));
        Assert.Null(touched.Check(bug));
    }

    [Fact]
    public void Every_case_that_must_be_planted_is()
    {
        var planted = PlantedBug.All.SelectMany(bug => bug.Cases).ToHashSet();
        Assert.Superset(MustBePlanted.ToHashSet(), planted);
    }
}
