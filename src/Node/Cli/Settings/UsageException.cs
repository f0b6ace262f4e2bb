namespace ShardStore.Node.Cli.Settings;

/// <summary>Bad input from the one who started the program. The message is one line that names the option, the value,
/// where it came from and what is allowed; the program prints it and exits with 2.</summary>
public sealed class UsageException(string message) : Exception(message);
