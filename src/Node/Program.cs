using ShardStore.Node.Cli;

return await CommandLine.RunAsync(args, new UnlinkedHosts(), Environment.GetEnvironmentVariable);
