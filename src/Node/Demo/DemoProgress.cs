using System.Globalization;

namespace ShardStore.Node.Demo;

/// <summary>Tells how far the demo is: one line that changes on a terminal, one line now and then otherwise, nothing
/// where only JSON is wanted.</summary>
internal sealed class DemoProgress(TextWriter output, bool isTerminal, bool isSilent)
{
    private const int SecondsALine = 25;
    private int _told = int.MinValue;
    private bool _isOpen;

    public void Say(string line)
    {
        if (isSilent)
            return;
        End();
        output.WriteLine(line);
    }

    /// <summary>At any pace; tells when a second is over.</summary>
    /// <param name="atS">Seconds of the replay; negative before it.</param>
    /// <param name="lengthS">Of the replay.</param>
    /// <param name="hotNode">Number and CPU share of the hot node.</param>
    public void Tick(double atS, double lengthS, (int Number, double Share) hotNode)
    {
        var second = (int)Math.Floor(atS);
        if (isSilent || second == _told || (!isTerminal && second % SecondsALine != 0))
            return;
        _told = second;
        var line = second < 0
            ? $"  warming up, the replay begins in {-second} s"
            : string.Create(CultureInfo.InvariantCulture,
                $"  {second,3} of {lengthS:F0} s   n{hotNode.Number} at {hotNode.Share * 100,3:F0} % of its cores");
        if (isTerminal)
            output.Write("\r" + line.PadRight(60));
        else
            output.WriteLine(line);
        _isOpen = isTerminal;
    }

    /// <summary>Ends the line that changes.</summary>
    public void End()
    {
        if (_isOpen)
            output.WriteLine();
        _isOpen = false;
        _told = int.MinValue;
    }
}
