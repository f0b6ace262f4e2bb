using ShardStore.Node.Cli;

namespace ShardStore.Node.Tests.Cli;

/// <summary>One run of the command line in this process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Errors, FakeHosts Hosts)
{
    public static Task<CliRun> OfAsync(params string[] args) => OfAsync([], args);

    public static async Task<CliRun> OfAsync(Dictionary<string, string> environment, params string[] args)
    {
        var hosts = new FakeHosts();
        var output = new StringWriter();
        var errors = new StringWriter();
        var root = CommandLine.Build(hosts, name => environment.GetValueOrDefault(name));
        var exitCode = await CommandLine.RunAsync(args, root, output, errors);
        return new CliRun(exitCode, output.ToString(), errors.ToString(), hosts);
    }
}
