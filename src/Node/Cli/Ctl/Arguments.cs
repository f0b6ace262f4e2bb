using ShardStore.Node.Cli.Settings;

namespace ShardStore.Node.Cli.Ctl;

/// <summary>Arguments without a name, checked like options.</summary>
internal static class Arguments
{
    public static readonly Setting<int> Shard =
        SettingKinds.Whole("shard", "shard", 0, (1, 16_384), "Number of the shard.");

    public static readonly Setting<int> Recommendation = SettingKinds.Whole(
        "id", "number", 0, (1, int.MaxValue), "Number of the recommendation, as in `ctl recommendations`.");

    public static T Get<T>(Setting<T> setting, string? text) =>
        setting.Parse(text ?? "") is { } parsed
            ? parsed.Value
            : throw new UsageException($"{setting.Name.ToUpperInvariant()} '{text}': must be {setting.Allowed}");
}
