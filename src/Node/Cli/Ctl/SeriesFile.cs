namespace ShardStore.Node.Cli.Ctl;

/// <summary>Writes a file as a whole or not at all: beside its place first, then renamed.</summary>
internal static class SeriesFile
{
    public static void Replace(string path, bool isForced, Action<TextWriter> write)
    {
        var beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (var writer = new StreamWriter(new FileStream(beside, FileMode.CreateNew)))
                write(writer);
            File.Move(beside, path, overwrite: isForced);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SeriesException($"{path}: cannot be written ({e.Message})", e);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
