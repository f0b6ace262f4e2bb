namespace ShardStore.Style.Tests;

/// <summary>One place that breaks a rule. <paramref name="Place"/> names a file, or a file and a member, never a line,
/// so that the list of exceptions survives edits. <paramref name="Size"/>: how bad; 1 where that has no degree.
/// </summary>
internal sealed record Finding(string Rule, string Place, int Size, string Text)
{
    public string Key => $"{Rule} {Place}";
}
