using System.CommandLine;
using System.Text;
using ShardStore.Balancer.Learning;
using ShardStore.Node.Cli.Settings;
using static ShardStore.Node.Cli.Settings.SettingKinds;

namespace ShardStore.Node.Cli.Simulate;

/// <summary>`simulate train`: learns an agent for the learned balancer, and what it is worth on loads that it has not
/// seen.</summary>
internal static class TrainCommand
{
    private static readonly Setting<string> Out = SettingKinds.Path("out",
        "File to write the agent to; its .sha256 comes beside it.") with
    { DefaultWords = "no file" };

    private static readonly Setting<bool> LeaveOut = Flag("leave-out",
        "Also run, on every load, an agent that is trained without it (as long again).");

    public static Command Build(Func<string, string?> environment)
    {
        var command = new Command("train",
            "Try every setting of the knobs on loads and learn when which is best, under every preset.");
        var options = new SettingOptions(command,
        [
            SimulateVerb.Trace, SimulateVerb.Scenarios, SimulateVerb.Only, SimulateVerb.Nodes, SimulateVerb.Replicas,
            SimulateVerb.Shards, SimulateVerb.Load, SimulateVerb.PeakLoad, SimulateVerb.ShardMb, SimulateVerb.Days,
            SimulateVerb.Step, SimulateVerb.Tick, SimulateVerb.Seed, SimulateVerb.Seeds, SimulateVerb.Forecasters,
            SimulateVerb.Model, Out, LeaveOut, SimulateVerb.Json,
        ]);
        command.SetAction((parsed, stop) =>
        {
            var values = new SettingValues(options.Given(parsed), environment, file: null);
            var loads = SimulateVerb.ReadLoads(values);
            var path = values.FileToWrite(Out);
            return Task.FromResult(
                Run(loads, path, values.Get(LeaveOut), (parsed.InvocationConfiguration, stop)));
        });
        return command;
    }

    private static int Run(
        SimulateOptions loads, string? path, bool leaveOut,
        (InvocationConfiguration Streams, CancellationToken Stop) call)
    {
        var (output, errors) = (call.Streams.Output, call.Streams.Error);
        var isTerminal = !Console.IsErrorRedirected && errors == Console.Error;
        var progress = new RunProgress(errors, isTerminal, isSilent: loads.AsJson && !isTerminal, "runs");
        TrainOutcome outcome;
        try
        {
            using var run = new SimulateRun(loads, progress);
            outcome = new TrainRun(run, leaveOut).Run(call.Stop);
        }
        finally
        {
            progress.End();
        }
        if (path is not null)
            Write(path, AgentDocument.Write(outcome.Agent));
        if (loads.AsJson)
            output.WriteLine(TrainReport.Json(outcome));
        else
            TrainReport.Print(outcome, output);
        return ExitCode.Done;
    }

    private static void Write(string path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            File.WriteAllBytes(path, bytes);
            File.WriteAllText(path + ".sha256", $"{AgentDocument.Digest(bytes)}  {System.IO.Path.GetFileName(path)}\n");
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SimulateException($"{path} cannot be written: {e.Message}", e);
        }
    }
}
