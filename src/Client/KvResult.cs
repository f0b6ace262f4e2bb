using System.Diagnostics.CodeAnalysis;

namespace ShardStore.Client;

/// <summary>
/// The outcome of a write. Writes do not throw for trouble on the way, because "failed" would hide the one thing a
/// caller has to know: whether the write may have happened. Look at <see cref="Outcome"/>, or call
/// <see cref="EnsureDone"/> to get the value or an exception.
/// </summary>
/// <typeparam name="T">What the command answers.</typeparam>
public readonly struct KvResult<T>
{
    internal KvResult(KvOutcome outcome, T value, ClientException? error)
    {
        Outcome = outcome;
        Value = value;
        Error = error;
    }

    /// <summary>How the write ended.</summary>
    public KvOutcome Outcome { get; }

    /// <summary>The answer. Meaningful when done, and when a condition did not hold (each method says what it is
    /// then); the default otherwise.</summary>
    public T Value { get; }

    /// <summary>Why the write is not done; null when it is, and when only its condition did not hold.</summary>
    public ClientException? Error { get; }

    /// <summary>True when the server acknowledged the write.</summary>
    public bool IsDone => Outcome == KvOutcome.Done;

    /// <summary>True when the write was answered and not done only because its condition did not hold.</summary>
    public bool IsConditionFailed => Outcome == KvOutcome.NotDone && Error is null;

    /// <summary>The value of a write that is done.</summary>
    /// <exception cref="ClientException">It is not; <see cref="ClientException.MayHaveRun"/> says if it may be.
    /// </exception>
    public T EnsureDone()
    {
        if (Outcome != KvOutcome.Done)
            ThrowNotDone();
        return Value;
    }

    [DoesNotReturn]
    private void ThrowNotDone() => throw Error
        ?? new ClientException(ClientErrorKind.Refused, "the condition of the write did not hold", mayHaveRun: false);

    /// <summary>The outcome with its value or its error.</summary>
    public override string ToString() => Error is null ? $"{Outcome}: {Value}" : $"{Outcome}: {Error.Message}";
}
