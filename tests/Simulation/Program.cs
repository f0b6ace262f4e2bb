using ShardStore.Simulation.Mutation;

namespace ShardStore.Simulation;

/// <summary>Runs seeds, or plants a known bug and sees whether seeds find it. Exit 0 when all were clean (or the bug
/// was found), 1 when not, 2 on bad usage.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        if (!SimulationArguments.TryParse(arguments, out var options, out var problem))
        {
            Console.Error.WriteLine(problem);
            return 2;
        }
        if (options.CrashPoints)
            return CrashPoints.Run(options);
        return options.Bug.Length > 0 ? BugHunt.Run(options) : new SeedSession(options).Run();
    }
}
