using System.Globalization;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Cluster.Tests.Load;

/// <summary>What one worker wrote to one key: nobody else writes it, and a write of unknown fate is the last, since it
/// may land at any later time. A value read must then be one sent at or after the last acknowledged.</summary>
internal sealed class KeyLedger(string key, int valueBytes)
{
    public string Key => key;
    public long Sent { get; private set; }
    public long Acknowledged { get; private set; }

    /// <summary>False after a write whose fate is unknown.</summary>
    public bool MayWrite { get; private set; } = true;

    public byte[] NextValue() => ValueOf(++Sent);

    public void OnAcknowledged() => Acknowledged = Sent;

    public void OnUnknown() => MayWrite = false;

    /// <summary>Null when the value may be there, else what is wrong.</summary>
    public string? Check(ReadOnlySpan<byte> value, bool isMissing) => Check(value, isMissing, Acknowledged);

    /// <summary>The same for a copy that need only hold what was acknowledged by then.</summary>
    public string? Check(ReadOnlySpan<byte> value, bool isMissing, long acknowledged)
    {
        if (isMissing)
            return acknowledged == 0 ? null : $"{key}: write {acknowledged} was acknowledged, nothing found";
        var text = Encoding.ASCII.GetString(value[..Math.Min(value.Length, 64)]).Split(':');
        var isOurs = text.Length > 2 && text[0] == key && long.TryParse(text[1], out _);
        if (!isOurs)
            return $"{key}: a value nobody wrote, of {value.Length} bytes";
        var sequence = long.Parse(text[1], CultureInfo.InvariantCulture);
        if (sequence < acknowledged || sequence > Sent)
            return $"{key}: write {acknowledged} was acknowledged, {Sent} sent last, found {sequence}";
        return value.SequenceEqual(ValueOf(sequence)) ? null : $"{key}: write {sequence} came back changed";
    }

    /// <summary>Key, number and a filling that the number decides; half of it does not compress.</summary>
    private byte[] ValueOf(long sequence)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{key}:{sequence}:"));
        var value = new byte[Math.Max(valueBytes, head.Length)];
        var seed = (int)((sequence * 31) ^ HashSlot.Of(Encoding.ASCII.GetBytes(key)));
        new Random(seed).NextBytes(value.AsSpan(0, value.Length / 2));
        head.CopyTo(value, 0);
        return value;
    }
}
