using Xunit;

namespace ShardStore.Style.Tests;

public class SourceRulesTests
{
    [Fact]
    public void Files_stay_short() => Check("file-lines", SizeRules.LongFiles);

    [Fact]
    public void Lines_fit_120_columns() => Check("columns", SizeRules.WideLines);

    [Fact]
    public void Functions_stay_short() => Check("function-lines", SizeRules.LongFunctions);

    [Fact]
    public void Functions_take_few_parameters() => Check("parameters", SizeRules.ManyParameters);

    [Fact]
    public void A_file_holds_one_type_and_its_small_neighbours() => Check("one-type-a-file", SizeRules.SharedFiles);

    [Fact]
    public void Type_names_say_what_they_are() => Check("names", HabitRules.VagueNames);

    [Fact]
    public void No_catch_is_empty() => Check("empty-catch", HabitRules.EmptyCatches);

    [Fact]
    public void No_method_is_async_void() => Check("async-void", HabitRules.AsyncVoids);

    [Fact]
    public void Partial_is_for_source_generators() => Check("partial", HabitRules.Partials);

    [Fact]
    public void There_are_no_regions() => Check("region", HabitRules.Regions);

    [Fact]
    public void Nothing_is_left_unfinished() => Check("unfinished", HabitRules.UnfinishedWork);

    [Fact]
    public void Tests_wait_for_signals_not_for_time() => Check("sleep", HabitRules.SleepsInTests);

    [Fact]
    public void The_list_of_exceptions_names_only_files_that_exist()
    {
        foreach (var line in File.ReadLines(Path.Combine(SourceTree.Root, "tests", "Style", "ratchet.txt")))
        {
            if (line.Length > 0 && line[0] != '#')
                Assert.True(File.Exists(Path.Combine(SourceTree.Root, line.Split(' ')[1].Split(':')[0])), line);
        }
    }

    private static void Check(string rule, Func<SourceFile, IEnumerable<Finding>> find)
    {
        var problems = Ratchet.Read().Judge(rule, SourceTree.Files.SelectMany(find));
        Assert.True(problems.Count == 0, Environment.NewLine + string.Join(Environment.NewLine, problems));
    }
}
