namespace ShardStore.Fuzz;

/// <summary>Feeds damaged bytes to what reads bytes from outside: <c>[TARGET|all] [--first N] [--inputs N]
/// [--seconds S]</c>. Exit 0 when nothing broke, 1 when something did, 2 on bad usage.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        if (!FuzzArguments.TryParse(arguments, out var options, out var problem))
        {
            Console.Error.WriteLine(problem);
            return 2;
        }
        var targets = options.Target == "all" ? FuzzTargets.All() : [FuzzTargets.Find(options.Target)!];
        var failed = 0;
        Parallel.ForEach(
            targets, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, target =>
            {
                var result = FuzzRun.Run(target, options.First, options.Inputs, options.Time);
                Console.WriteLine(result);
                if (result.Failure is not null)
                    Interlocked.Increment(ref failed);
            });
        return failed == 0 ? 0 : 1;
    }
}
