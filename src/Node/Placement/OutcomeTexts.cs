using ShardStore.Balancer;

namespace ShardStore.Node.Placement;

/// <summary>Verdicts in words.</summary>
internal static class OutcomeTexts
{
    public static string Verdict(MoveHelp help) => help switch
    {
        MoveHelp.Yes => "it helped",
        MoveHelp.No => "it did not help",
        MoveHelp.NotNeeded => "it was not needed",
        MoveHelp.CannotTell => "too little was measured to tell whether it helped",
        MoveHelp.Ordered => "it was ordered, which is not judged by load",
        _ => "whether it helped cannot be told yet",
    };
}
