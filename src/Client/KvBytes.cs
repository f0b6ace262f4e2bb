using System.Text;

namespace ShardStore.Client;

/// <summary>
/// A key or a value: any bytes, of any length the server takes (512 MiB). Text converts by itself, as UTF-8. The
/// bytes are not copied on the way in: they must not change before the call they are given to has returned.
/// </summary>
public readonly struct KvBytes : IEquatable<KvBytes>
{
    /// <summary>Wraps bytes without copying them.</summary>
    /// <param name="memory">The bytes.</param>
    public KvBytes(ReadOnlyMemory<byte> memory) => Memory = memory;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => Memory.Span;

    /// <summary>Length in bytes.</summary>
    public int Length => Memory.Length;

    /// <summary>The UTF-8 bytes of a text.</summary>
    /// <param name="text">The text; null is refused.</param>
    public static implicit operator KvBytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new KvBytes(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Wraps an array without copying it.</summary>
    /// <param name="bytes">The array; null is refused.</param>
    public static implicit operator KvBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new KvBytes(bytes);
    }

    /// <summary>Wraps memory without copying it.</summary>
    /// <param name="memory">The bytes.</param>
    public static implicit operator KvBytes(ReadOnlyMemory<byte> memory) => new(memory);

    /// <summary>True when both hold the same bytes.</summary>
    public static bool operator ==(KvBytes left, KvBytes right) => left.Equals(right);

    /// <summary>True when the bytes differ.</summary>
    public static bool operator !=(KvBytes left, KvBytes right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(KvBytes other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is KvBytes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>The bytes as UTF-8 text.</summary>
    public override string ToString() => Encoding.UTF8.GetString(Span);
}
