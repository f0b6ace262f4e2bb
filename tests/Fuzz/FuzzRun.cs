using System.Diagnostics;

namespace ShardStore.Fuzz;

/// <summary>Feeds one target. Input number n is the same in every run of the same code.</summary>
internal static class FuzzRun
{
    /// <summary>No input here is longer than a few KiB: a reader that needs longer hangs for some other reason.
    /// </summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(5);

    /// <summary>A length that is announced must not be allocated before its bytes are there.</summary>
    private const long AllocatedMax = 64L << 20;

    public static FuzzResult Run(IFuzzTarget target, long first, long inputs, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var result = new FuzzResult(target.Name, first);
        while (result.Inputs < inputs && clock.Elapsed < time)
        {
            var number = first + result.Inputs;
            var input = InputOf(target, number);
            var problem = Feed(target, input, out var isAccepted);
            result = result with
            {
                Inputs = result.Inputs + 1,
                Accepted = result.Accepted + (isAccepted ? 1 : 0),
            };
            if (problem is not null)
                return result with { Failure = Report(target, number, input, problem) };
        }
        return result with { Seconds = clock.Elapsed.TotalSeconds };
    }

    /// <summary>One in eight is left whole: a reader that refuses everything must not pass.</summary>
    private static byte[] InputOf(IFuzzTarget target, long number)
    {
        var random = new Random((int)(number ^ (number >> 32)));
        var corpus = target.Corpus;
        var good = corpus[random.Next(corpus.Count)];
        if (random.Next(8) == 0)
            return (byte[])good.Clone();
        var input = Mutator.Damage(good, corpus[random.Next(corpus.Count)], random);
        if (random.Next(4) != 0)
            target.Seal(input);
        return input;
    }

    private static string? Feed(IFuzzTarget target, byte[] input, out bool isAccepted)
    {
        isAccepted = false;
        var (allocated, started) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        try
        {
            isAccepted = target.Read(input);
        }
        catch (Exception error) when (target.IsRefusal(error))
        {
            if (error.Message.Length == 0)
                return "refused without a word";
        }
        catch (Exception error)
        {
            return error.ToString();
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (allocated > AllocatedMax)
            return $"allocated {allocated} bytes for an input of {input.Length}";
        var took = Stopwatch.GetElapsedTime(started);
        return took > s_longest ? $"took {took.TotalSeconds:F1} s for an input of {input.Length} bytes" : null;
    }

    private static string Report(IFuzzTarget target, long number, byte[] input, string problem) =>
        $"{target.Name}, input {number} ({input.Length} bytes): {problem}\n"
        + $"bytes: {Convert.ToHexString(input.AsSpan(0, Math.Min(input.Length, 2048)))}\n"
        + $"again: dotnet run -c Release --project tests/Fuzz -- {target.Name} --first {number} --inputs 1";
}
