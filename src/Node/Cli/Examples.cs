using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ShardStore.Node.Cli;

/// <summary>Adds examples to the end of every command's help: most people read only those.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> ByCommand = new()
    {
        ["shardstore"] =
        [
            "shardstore dev                            three nodes on this machine; try redis-cli -c -p 7001",
            "shardstore ctl status                     how the cluster is",
        ],
        ["dev"] =
        [
            "shardstore dev                            clients on 7001-7003, dashboard on http://127.0.0.1:8001/",
            "shardstore dev --nodes 5 --processes      five nodes, each a process of its own",
            "shardstore dev --nodes 1 --replicas 1     the smallest cluster",
        ],
        ["demo"] =
        [
            "shardstore demo                           the built-in trace, twice: reactive, then predictive",
            "shardstore demo --trace requests.csv      columns timestamp,value: the demand on one hot shard",
            "shardstore demo --trace shards.csv        columns timestamp,a,b,…: the demand on one shard each",
            "shardstore demo --json > demo.json        all figures of both runs",
        ],
        ["node"] =
        [
            "shardstore node --id n1 --dir /var/lib/shardstore --join 10.0.0.1:7101,10.0.0.2:7101,10.0.0.3:7101 \\",
            "                --listen 10.0.0.1:7001 --peer-listen 10.0.0.1:7101 --admin-listen 10.0.0.1:8001 \\",
            "                --allow-remote",
            "shardstore node --id n4 --dir /var/lib/shardstore --enter 10.0.0.1:8001 --listen 10.0.0.4:7001 …",
            "                                          enters a running cluster; its first shards come by moves",
            "SHARDSTORE_ID=n1 shardstore node --config node.json",
        ],
        ["bench"] =
        [
            "shardstore bench --seconds 30 --reads 0.9 --distribution zipf",
            "shardstore bench --rate 20000 --json > run.json",
            "shardstore bench --verify                 writes unique values and reads every acknowledged one back",
        ],
        ["forecast"] =
        [
            "shardstore forecast evaluate --data traces/            every method on every trace of a folder",
        ],
        ["evaluate"] =
        [
            "shardstore forecast evaluate --data traces/            a table for each set of series",
            "shardstore forecast evaluate --data traces/ --models naive,lstm,acting --only 'aws_*' --threads 2",
            "shardstore forecast evaluate --data traces/ --stride 20            a quick look: every 20th moment",
            "shardstore forecast evaluate --data traces/ --html report.html --csv series.csv --json > scores.json",
            "shardstore forecast evaluate --data held-out/ --model new.onnx     a model of your own",
        ],
        ["simulate"] =
        [
            "shardstore simulate --trace traces/                    every balancer on every wide trace of a folder",
            "shardstore simulate --trace shards.csv --balancer reactive,predictive --nodes 5 --seeds 10",
            "shardstore simulate --scenario all --seeds 10 --json > scores.json",
            "shardstore simulate --scenario office,ramp --days 2 --html report.html   who was full when, and the moves",
            "shardstore simulate --scenario all --without forecasts               what foreseeing is worth",
            "shardstore simulate --scenario day-phases --nodes 100 --shards 5000 --forecasters baselines",
        ],
        ["train"] =
        [
            "shardstore simulate train --scenario all --trace traces/ --days 1 --leave-out --out agent.json",
            "shardstore simulate --scenario office --balancer predictive,learned --agent agent.json",
        ],
        ["series"] =
        [
            "shardstore ctl series export --out load.csv",
            "shardstore ctl --admin http://10.0.1.1:8001 series import load.csv",
        ],
        ["export"] =
        [
            "shardstore ctl series export --out load.csv              requests of 15 days, one column a shard",
            "shardstore ctl series export --metric cpuMicrosPerSecond --step 60 > cpu.csv",
            "shardstore forecast evaluate --data load.csv             how well it could have been forecast",
        ],
        ["import"] =
        [
            "shardstore ctl series import load.csv                    what `ctl series export` wrote",
            "shardstore ctl series import reads.csv --metric readsPerSecond",
        ],
        ["plan"] =
        [
            "shardstore ctl plan                                      the next week, and one more node",
            "shardstore ctl plan --nodes +2 --drain n1 --days 14      replace n1 by two",
            "shardstore ctl plan --policy growth.json --json          with other growth in `profiles`, for a program",
        ],
        ["backup"] =
        [
            "shardstore ctl backup --to /backup/monday          again tomorrow: only what changed is transferred",
            "shardstore ctl backup --to /backup/$(date +%F)     one directory a day keeps generations",
            "shardstore ctl --admin http://10.0.0.1:8001 backup --to /backup/monday --rate 20 --json",
        ],
        ["restore"] =
        [
            "shardstore ctl --admin http://10.0.1.1:8001 restore --from /backup/monday",
            "shardstore ctl restore --from /backup/monday --verify",
            "shardstore ctl restore --from /backup/monday --merge    again after a failure, or over what is there",
        ],
        ["ctl"] =
        [
            "shardstore ctl status --watch",
            "shardstore ctl migrate 7 --from n1 --to n4 --watch",
            "shardstore ctl why 7                      why shard 7 moves or stays; `ctl why m17` of a migration",
            "shardstore ctl veto 5 --minutes 120       the shard of recommendation 5 stays for two hours",
            "shardstore ctl backup --to /backup/monday",
            "shardstore ctl shards --json | jq '.[] | select(.leader == \"n1\") | .id'",
        ],
    };

    public static void Show(Command root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
    }

    internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        // `shardstore --help` must work although a verb is missing.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parsed)
        {
            var exitCode = help.Invoke(parsed);
            var command = parsed.CommandResult.Command;
            var name = command is RootCommand ? "shardstore" : command.Name;
            if (!ByCommand.TryGetValue(name, out var lines))
                return exitCode;
            var into = parsed.InvocationConfiguration.Output;
            into.WriteLine("Examples:");
            foreach (var line in lines)
                into.WriteLine("  " + line);
            into.WriteLine();
            return exitCode;
        }
    }
}
