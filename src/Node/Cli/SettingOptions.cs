using System.CommandLine;
using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli;

/// <summary>Puts settings on a command as options. All are read as text: parsing is the setting's own, so that a bad
/// value gives the same one line whether it came from the command line, the environment or a file.</summary>
internal sealed class SettingOptions
{
    private readonly List<(Setting Setting, Option Option)> _options = [];

    /// <param name="recursive">Also allowed after subcommands.</param>
    public SettingOptions(Command command, IEnumerable<Setting> settings, bool recursive = false)
    {
        foreach (var setting in settings)
        {
            var option = OptionOf(setting);
            option.Recursive = recursive;
            command.Add(option);
            _options.Add((setting, option));
        }
    }

    public Dictionary<string, string> Given(ParseResult parsed)
    {
        var given = new Dictionary<string, string>();
        foreach (var (setting, option) in _options)
        {
            if (parsed.GetResult(option) is not { Implicit: false } result)
                continue;
            given[setting.Name] = setting.IsFlag ? "true" : result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
        }
        return given;
    }

    private static Option OptionOf(Setting setting)
    {
        var name = "--" + setting.Name;
        if (setting.IsFlag)
            return new Option<bool>(name) { Description = setting.Help, Arity = ArgumentArity.Zero };
        return new Option<string>(name)
        {
            Description = $"{setting.Help} Allowed: {setting.Allowed}. Default: {setting.DefaultText}.",
            HelpName = setting.Unit,
            Arity = ArgumentArity.ExactlyOne,
        };
    }
}
