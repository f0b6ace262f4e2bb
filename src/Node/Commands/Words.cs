using System.Buffers.Text;
using System.Text;
using ShardStore.Resp;

namespace ShardStore.Node.Commands;

/// <summary>Option words and numbers in arguments.</summary>
internal static class Words
{
    public static bool Is(ReadOnlySpan<byte> argument, ReadOnlySpan<byte> word) =>
        argument.Length == word.Length && Ascii.EqualsIgnoreCase(argument, word);

    /// <summary>A whole number exactly as Redis writes it: no sign '+', no leading zeros, no blanks.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> argument, out long value)
    {
        value = 0;
        if (argument.Length is 0 or > 20)
            return false;
        var digits = argument[0] == '-' ? argument[1..] : argument;
        if (digits.Length == 0 || (digits[0] == '0' && argument.Length > 1))
            return false;
        return digits[0] != '+' && Utf8Parser.TryParse(argument, out value, out var used) && used == argument.Length;
    }

    /// <summary>False, with the error written, when it is not a whole number.</summary>
    public static bool TryInteger(RespWriter reply, ReadOnlySpan<byte> argument, out long value)
    {
        if (TryInteger(argument, out value))
            return true;
        reply.WriteError(RespErrorText.NotAnInteger);
        return false;
    }
}
