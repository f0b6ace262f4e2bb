namespace ShardStore.Fuzz;

/// <summary>Something that reads bytes from outside. Used by one thread.</summary>
internal interface IFuzzTarget
{
    string Name { get; }

    /// <summary>Good inputs, which the fuzzer damages.</summary>
    IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>Makes the checksum of a damaged input right again, so that what is behind it is reached too; nothing
    /// where there is none.</summary>
    void Seal(byte[] input);

    /// <summary>Reads. False when the input was refused. Throws what <see cref="IsRefusal"/> knows, or it is a bug.
    /// </summary>
    bool Read(byte[] input);

    /// <summary>The errors that a reader may throw for bad input.</summary>
    bool IsRefusal(Exception error);
}
