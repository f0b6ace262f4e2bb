using ShardStore.Simulation.Clients;

namespace ShardStore.Simulation.Checks;

/// <summary>What one key should do: a register with compare-and-set and increment. Null is "no such key".</summary>
public static class KeyModel
{
    /// <summary>False when an operation cannot have had its result at this value.</summary>
    public static bool TryApply(Operation operation, string? value, out string? next)
    {
        next = value;
        switch (operation.Kind)
        {
            case OperationKind.Get:
                return operation.Result == value;
            case OperationKind.Set:
                next = operation.Value;
                return true;
            case OperationKind.Delete:
                next = null;
                return !operation.IsKnown || operation.Result == (value is null ? "0" : "1");
            case OperationKind.CompareAndSet:
                var succeeds = value == operation.Expected;
                next = succeeds ? operation.Value : value;
                return operation.IsKnown ? operation.Result == (succeeds ? "ok" : "no") : succeeds;
            case OperationKind.Expire:
                next = null;
                return value == operation.Expected;
            default:
                next = (long.Parse(value ?? "0") + 1).ToString();
                return !operation.IsKnown || operation.Result == next;
        }
    }
}
