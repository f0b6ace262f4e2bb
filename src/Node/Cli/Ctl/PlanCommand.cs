using System.CommandLine;
using ShardStore.Balancer;
using ShardStore.Balancer.Capacity;
using ShardStore.Node.Cli.Ctl.Plan;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>`ctl plan`: how long the nodes will do, and what a change would change. Computed here, not on a node: it
/// takes seconds of a core, and a controller has none to spare (docs/decisions/0018-plan-in-ctl.md).</summary>
internal static class PlanCommand
{
    private static readonly Setting<int> Nodes = new(
        "nodes", "+nodes", $"+ and a whole number from 1 to {CapacityStudy.AddedMax}, such as +1",
        "What if so many nodes were added?", Added)
    { DefaultWords = "+1 where nothing else is asked about" };

    private static readonly Setting<string> Drain = SettingKinds.Name("drain", "What if this node were emptied?") with
    { DefaultWords = "none" };

    private static readonly Setting<string> Policy = SettingKinds.Path("policy",
        "What if this document, as `ctl policy get` prints it, were in force? Its profiles tell other growth, too.")
        with
    { DefaultWords = "the one in force" };

    private static readonly Setting<int> Days = SettingKinds.Whole("days", "days", 7, (1, CapacityStudy.DaysMax),
        "How far to look.");

    public static Command Build(Func<ParseResult, CtlSession> open)
    {
        var command = new Command("plan",
            "How long the nodes will do, and what more or other ones, or another policy, would change: the cluster's "
            + "own history goes on in the simulator. Nothing is changed.");
        var options = new SettingOptions(command, [Nodes, Drain, Policy, Days]);
        command.SetAction(async (parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), _ => null, file: null);
            var days = values.Get(Days);
            var added = values.TryGet(Nodes, out var more) ? more : 0;
            var drained = values.TryGet(Drain, out var name) ? name : null;
            var document = values.TryGet(Policy, out var path) ? Read(values, path) : null;
            using var session = open(parsed);
            var reading = await PlanReading.OpenAsync(session.Client, stop);
            var change = new CapacityChange
            {
                AddedNodes = added == 0 && drained is null && document is null ? 1 : added,
                Drained = drained is null ? NodeId.None : reading.NodeOf(drained),
                Policy = document is null ? null : PolicyOf(reading, values, document),
            };
            var input = await reading.ReadAsync(days, stop);
            var outcome = Study(input, change, parsed.InvocationConfiguration.Error, stop);
            var output = parsed.InvocationConfiguration.Output;
            if (session.AsJson)
                output.WriteLine(PlanViews.Json(outcome));
            else
                PlanViews.Print(outcome, output);
            return ExitCode.Done;
        });
        return command;
    }

    private static CapacityOutcome Study(
        CapacityInput input, CapacityChange change, TextWriter errors, CancellationToken stop)
    {
        var isTerminal = !Console.IsErrorRedirected && errors == Console.Error;
        var progress = new RunProgress(errors, isTerminal, isSilent: true, "plans");
        try
        {
            var study = new CapacityStudy(input, change);
            progress.Begin(study.Rounds, 1);
            return study.Run(() =>
            {
                stop.ThrowIfCancellationRequested();
                progress.Add(1);
            });
        }
        catch (CapacityException e)
        {
            throw new PlanException(e.Message, e);
        }
        catch (OperationCanceledException e) when (stop.IsCancellationRequested)
        {
            throw new PlanException("plan was interrupted and is not complete", e);
        }
        finally
        {
            progress.End();
        }
    }

    private static string Read(SettingValues values, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(values.Refusal(Policy, $"cannot be read ({e.Message})"));
        }
    }

    private static BalancingPolicy PolicyOf(PlanReading reading, SettingValues values, string document)
    {
        try
        {
            return reading.PolicyOf(document, version: 0);
        }
        catch (PolicyException e)
        {
            throw new UsageException(values.Refusal(Policy, e.Message));
        }
    }

    private static Parsed<int>? Added(string text) =>
        text.StartsWith('+') && text.Skip(1).All(char.IsAsciiDigit)
        && int.TryParse(text.AsSpan(1), out var count) && count is >= 1 and <= CapacityStudy.AddedMax
            ? new Parsed<int>(count)
            : null;
}
