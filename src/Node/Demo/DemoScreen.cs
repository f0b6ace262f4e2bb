namespace ShardStore.Node.Demo;

internal static class DemoScreen
{
    public static void Draw(DemoReport report, TextWriter output, bool isTerminal) => output.WriteLine(report.ToJson());
}
