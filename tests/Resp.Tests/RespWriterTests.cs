using System.Text;

namespace ShardStore.Resp.Tests;

public sealed class RespWriterTests
{
    [Theory]
    [InlineData(2, "$-1\r\n*-1\r\n*4\r\n*2\r\n*3\r\n$2\r\nhi\r\n")]
    [InlineData(3, "_\r\n_\r\n%2\r\n~2\r\n>3\r\n=6\r\ntxt:hi\r\n")]
    public void Each_protocol_has_its_own_types(int protocol, string expected)
    {
        var writer = new RespWriter { Protocol = protocol };
        writer.WriteNull();
        writer.WriteNullArray();
        writer.WriteMapHeader(2);
        writer.WriteSetHeader(2);
        writer.WritePushHeader(3);
        writer.WriteVerbatim("hi");
        Assert.Equal(expected, Encoding.UTF8.GetString(writer.Written));
    }

    [Fact]
    public void An_error_with_a_line_break_stays_one_line()
    {
        var writer = new RespWriter(1);
        writer.WriteError("ERR a\r\nb");
        writer.WriteInteger(long.MinValue);
        writer.WriteBulkInteger(-12);
        Assert.Equal("-ERR a  b\r\n:-9223372036854775808\r\n$3\r\n-12\r\n", Encoding.UTF8.GetString(writer.Written));
    }

    [Fact]
    public void A_large_buffer_is_given_back()
    {
        var writer = new RespWriter();
        writer.WriteBulk(new byte[RespWriter.KeptBytesMax * 2]);
        writer.Clear();
        Assert.Equal(0, writer.Length);
        Assert.True(writer.GetMemory().Length <= RespWriter.KeptBytesMax);
    }
}
