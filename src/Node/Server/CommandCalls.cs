using System.Globalization;
using ShardStore.Node.Commands;

namespace ShardStore.Node.Server;

/// <summary>How often each command was called and refused. Counted by many connections at once, by the command's place
/// in the table.</summary>
public sealed class CommandCalls
{
    private readonly long[] _calls = new long[CommandTable.OrdinalMax];
    private readonly long[] _refused = new long[CommandTable.OrdinalMax];

    public long CallsOf(CommandSpec spec) => Interlocked.Read(ref _calls[spec.Ordinal]);

    internal void CountCall(CommandSpec spec) => Interlocked.Increment(ref _calls[spec.Ordinal]);

    internal void CountRefused(CommandSpec spec) => Interlocked.Increment(ref _refused[spec.Ordinal]);

    internal void Reset()
    {
        Array.Clear(_calls);
        Array.Clear(_refused);
    }

    internal IEnumerable<string> Lines()
    {
        foreach (var spec in CommandTable.WithSubcommands)
        {
            var calls = Interlocked.Read(ref _calls[spec.Ordinal]);
            var refused = Interlocked.Read(ref _refused[spec.Ordinal]);
            if (calls + refused > 0)
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"cmdstat_{spec.Name}:calls={calls},rejected_calls={refused}");
        }
    }
}
