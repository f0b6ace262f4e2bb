using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using ShardStore.Micro;

// --record appends the results to perf/results/micro.ndjson; everything else is BenchmarkDotNet's.
var config = DefaultConfig.Instance;
if (args.Contains("--record"))
    config = ManualConfig.Create(config).AddExporter(new ResultLines());
BenchmarkSwitcher.FromAssembly(typeof(ResultLines).Assembly).Run([.. args.Where(arg => arg != "--record")], config);
