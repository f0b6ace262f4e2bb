namespace ShardStore.Resp;

/// <summary>Splits an inline request the way Redis does: words between blanks, "…" with \n \r \t \b \a \xHH and
/// \c escapes, '…' with \' only; a closing quote must be followed by a blank or the end.</summary>
internal static class InlineSplitter
{
    /// <summary>False: the quotes do not balance.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> line, RespArguments into)
    {
        var at = 0;
        while (true)
        {
            while (at < line.Length && IsBlank(line[at]))
                at++;
            if (at == line.Length)
                return true;
            if (!TryWord(line, ref at, into))
                return false;
            into.EndArgument();
        }
    }

    private static bool TryWord(ReadOnlySpan<byte> line, ref int at, RespArguments into)
    {
        while (at < line.Length && !IsBlank(line[at]))
        {
            var c = line[at++];
            if (c == '"' || c == '\'')
                return (c == '"' ? TryDouble(line, ref at, into) : TrySingle(line, ref at, into))
                    && (at == line.Length || IsBlank(line[at]));
            into.Append([c]);
        }
        return true;
    }

    private static bool TryDouble(ReadOnlySpan<byte> line, ref int at, RespArguments into)
    {
        while (at < line.Length)
        {
            var c = line[at++];
            if (c == '"')
                return true;
            if (c == '\\' && at < line.Length)
                c = Escape(line, ref at);
            into.Append([c]);
        }
        return false;
    }

    private static bool TrySingle(ReadOnlySpan<byte> line, ref int at, RespArguments into)
    {
        while (at < line.Length)
        {
            var c = line[at++];
            if (c == '\'')
                return true;
            if (c == '\\' && at < line.Length && line[at] == '\'')
                c = line[at++];
            into.Append([c]);
        }
        return false;
    }

    private static byte Escape(ReadOnlySpan<byte> line, ref int at)
    {
        var c = line[at++];
        if (c == 'x' && at + 1 < line.Length && char.IsAsciiHexDigit((char)line[at])
            && char.IsAsciiHexDigit((char)line[at + 1]))
        {
            var value = Convert.FromHexString([(char)line[at], (char)line[at + 1]])[0];
            at += 2;
            return value;
        }
        return c switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => c,
        };
    }

    private static bool IsBlank(byte c) => c is (byte)' ' or (>= 9 and <= 13) or 0;
}
