using System.Xml.Linq;
using Xunit;

namespace ShardStore.Style.Tests;

public class ArchitectureTests
{
    /// <summary>Who may import whom. What is not listed imports nothing of ours.</summary>
    private static readonly Dictionary<string, string[]> Imports = new()
    {
        ["Node"] = ["Balancer", "Client", "Raft", "Resp", "Storage"],
        ["Client"] = ["Resp"],
        ["Raft"] = [],
        ["Storage"] = [],
        ["Balancer"] = [],
        ["Resp"] = [],
    };

    /// <summary>A package, and the only project that may name it.</summary>
    private static readonly Dictionary<string, string> PackageOwners = new()
    {
        ["Microsoft.FASTER.Core"] = "Storage",
        ["MathNet.Numerics"] = "Balancer",
        ["System.CommandLine"] = "Node",
        ["Spectre.Console"] = "Node",
    };

    public static TheoryData<string> Projects => new(Imports.Keys);

    [Fact]
    public void There_are_no_other_projects() =>
        Assert.Equal(Imports.Keys.Order(), Directory.GetDirectories(Path.Combine(SourceTree.Root, "src"))
            .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
            .Select(Path.GetFileName).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_imports_only_what_it_may(string project)
    {
        var references = Items(project, "ProjectReference")
            .Select(path => Path.GetFileName(Path.GetDirectoryName(path.Replace('\\', '/')))).Order();
        Assert.Equal(Imports[project], references);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_package_is_named_only_by_its_owner(string project)
    {
        foreach (var package in Items(project, "PackageReference"))
            Assert.True(PackageOwners.GetValueOrDefault(package, project) == project,
                $"src/{project} references {package}, which belongs to src/{PackageOwners.GetValueOrDefault(package)}");
    }

    [Fact]
    public void Only_storage_names_FASTER() => OnlyIn("src/Storage", "FASTER.core");

    [Fact]
    public void Only_storage_names_LZ4() => OnlyIn("src/Storage", "liblz4");

    [Fact]
    public void Only_the_balancer_names_ONNX_Runtime() => OnlyIn("src/Balancer", "libonnxruntime");

    [Theory]
    [InlineData("src/Raft")]
    [InlineData("src/Balancer")]
    [InlineData("src/Resp")]
    public void Pure_projects_have_no_time_no_chance_and_no_outside(string folder)
    {
        var findings = SourceTree.Files.Where(file => file.IsIn(folder)).SelectMany(PurityRules.Find);
        var problems = Ratchet.Read().Judge("pure " + folder, findings.Select(
            finding => finding with { Rule = "pure " + folder }));
        Assert.True(problems.Count == 0, Environment.NewLine + string.Join(Environment.NewLine, problems));
    }

    [Fact]
    public void The_nuget_packages_of_all_projects_have_one_version_each()
    {
        var path = Path.Combine(SourceTree.Root, "Directory.Packages.props");
        var names = XDocument.Load(path).Descendants("PackageVersion")
            .Select(item => (string?)item.Attribute("Include") ?? "").ToArray();
        Assert.Equal(names.Distinct(), names);
    }

    private static void OnlyIn(string folder, string word)
    {
        var others = SourceTree.Files.Where(file => file.IsIn("src") && !file.IsIn(folder));
        foreach (var file in others)
            Assert.DoesNotContain(file.Lines, line => line.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(SourceTree.Root, "src", project, $"ShardStore.{project}.csproj"))
            .Descendants(kind).Select(item => (string?)item.Attribute("Include") ?? "");
}
