using System.CommandLine;
using ShardStore.Node.Cli.Evaluate;

namespace ShardStore.Node.Cli;

/// <summary>`forecast`: what can be done with forecasts away from a cluster.</summary>
internal static class ForecastVerb
{
    public static Command Build(Func<string, string?> environment) =>
        new("forecast", "Measure how well demand is forecast.")
        {
            EvaluateCommand.Build(environment),
        };
}
