using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using ShardStore.Micro;

// --record appends the results to perf/results/micro.ndjson; everything else is BenchmarkDotNet's.
//   --large [NODESxSHARDSxHOT ...]   planning rounds of large clusters with their memory, to planner.ndjson
var isRecorded = args.Contains("--record");
string[] rest = [.. args.Where(arg => arg != "--record")];
if (rest.Length > 0 && rest[0] == "--large")
    return LargeRounds.Run(rest[1..], isRecorded);
var config = DefaultConfig.Instance;
if (isRecorded)
    config = ManualConfig.Create(config).AddExporter(new ResultLines());
BenchmarkSwitcher.FromAssembly(typeof(ResultLines).Assembly).Run(rest, config);
return 0;
