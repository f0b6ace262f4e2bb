using ShardStore.Node.Cli;
using ShardStore.Node.Hosting;

return await CommandLine.RunAsync(args, new Hosts(), Environment.GetEnvironmentVariable);
