using System.Text;

namespace ShardStore.Raft.Tests;

/// <summary>A script is a text file of blocks: commands, a line <c>----</c>, the expected output, an empty line.
/// Lines that start with # are comments.</summary>
internal static class ScriptFile
{
    /// <summary>Runs every block and returns the file as it should read; equal to the input when all is as expected.
    /// </summary>
    public static string Run(string text, Func<string, string> execute)
    {
        var result = new StringBuilder();
        string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        int at = 0;
        while (at < lines.Length)
        {
            if (lines[at].Length == 0 || lines[at][0] == '#')
            {
                result.Append(lines[at++]).Append('\n');
                continue;
            }

            at = RunBlock(lines, at, execute, result);
        }

        return result.ToString();
    }

    private static int RunBlock(string[] lines, int at, Func<string, string> execute, StringBuilder result)
    {
        var output = new StringBuilder();
        for (; at < lines.Length && lines[at] != "----" && lines[at].Length > 0; at++)
        {
            result.Append(lines[at]).Append('\n');
            output.Append(execute(lines[at]));
        }

        result.Append("----\n").Append(output.Length == 0 ? "ok\n" : output.ToString());
        while (at < lines.Length && lines[at].Length > 0)
        {
            at++;
        }

        return at;
    }
}
