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
    [InlineData("--inputs")]
    [InlineData("--seconds", "0")]
    [InlineData("--first", "x")]
    [InlineData("--fast")]
    [InlineData("nothing")]
    public void Bad_usage_is_named_and_exits_2(params string[] arguments)
    {
        Assert.False(FuzzArguments.TryParse(arguments, out _, out var problem));
        Assert.Contains(arguments[0], problem);
        Assert.Contains("allowed", problem.Contains("needs") ? "allowed" : problem);
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
