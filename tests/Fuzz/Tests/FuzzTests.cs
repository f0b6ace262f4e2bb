using Xunit;
using Xunit.Abstractions;

namespace ShardStore.Fuzz.Tests;

public sealed class FuzzTests(ITestOutputHelper output)
{
    /// <summary>A short look with the same inputs each time; long runs are made by hand (docs/testing.md).</summary>
    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(10);

    [Fact]
    public void No_reader_breaks_hangs_or_swallows_memory_on_damaged_bytes()
    {
        var results = FuzzTargets.All()
            .AsParallel().WithDegreeOfParallelism(Math.Clamp(Environment.ProcessorCount, 1, 4))
            .Select(target => FuzzRun.Run(target, 1, long.MaxValue, s_each)).ToArray();

        foreach (var result in results)
            output.WriteLine(result.ToString());
        Assert.All(results, result => Assert.True(result.Failure is null, result.Failure));
        Assert.All(results, result => Assert.InRange(result.Accepted, 1, result.Inputs - 1));
    }

    [Fact]
    public void The_same_number_is_the_same_input()
    {
        foreach (var name in FuzzTargets.Names)
        {
            var (one, two) = (new Recorder(FuzzTargets.Find(name)!), new Recorder(FuzzTargets.Find(name)!));
            FuzzRun.Run(one, 500, 50, TimeSpan.MaxValue);
            FuzzRun.Run(two, 500, 50, TimeSpan.MaxValue);
            Assert.Equal(one.Inputs, two.Inputs);
            Assert.Equal(50, one.Inputs.Count);
        }
    }

    [Fact]
    public void An_unexpected_error_is_reported_with_what_repeats_it()
    {
        var result = FuzzRun.Run(new Broken(), 7, 10, TimeSpan.MaxValue);

        Assert.Contains("--project tests/Fuzz -- broken --first 7 --inputs 1", result.Failure);
        Assert.Contains("InvalidOperationException", result.Failure);
    }

    [Theory]
    [InlineData("--inputs", "--inputs '': needs a whole number from 1")]
    [InlineData("--seconds 0", "--seconds '0': needs a whole number from 1")]
    [InlineData("--first x", "--first 'x': needs a whole number from 1")]
    [InlineData("--fast 1", "--fast is no option; allowed are a target or 'all', --first")]
    [InlineData("nothing", "'nothing' is no target; allowed are all, request, reply")]
    public void Bad_usage_is_named_with_what_is_allowed_and_exits_2(string words, string expected)
    {
        Assert.False(FuzzArguments.TryParse(words.Split(' '), out _, out var problem));
        Assert.StartsWith(expected, problem);
        Assert.Equal(2, Program.Main(words.Split(' ')));
    }

    private sealed class Recorder(IFuzzTarget target) : IFuzzTarget
    {
        public List<string> Inputs { get; } = [];
        public string Name => target.Name;
        public IReadOnlyList<byte[]> Corpus => target.Corpus;

        public void Seal(byte[] input) => target.Seal(input);

        public bool Read(byte[] input)
        {
            Inputs.Add(Convert.ToHexString(input));
            return false;
        }

        public bool IsRefusal(Exception error) => target.IsRefusal(error);
    }

    private sealed class Broken : IFuzzTarget
    {
        public string Name => "broken";
        public IReadOnlyList<byte[]> Corpus => ["x"u8.ToArray()];

        public void Seal(byte[] input) => input.AsSpan().Reverse();

        public bool Read(byte[] input) => throw new InvalidOperationException("broken");

        public bool IsRefusal(Exception error) => false;
    }
}
