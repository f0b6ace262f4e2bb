namespace ShardStore.Balancer.Simulation;

/// <summary>How one of the compared clusters is balanced.</summary>
public enum SimulatedStrategy
{
    /// <summary>Drains only, which are orders.</summary>
    Off = 1,
    /// <summary>The planner on the load as it is measured, as today's stores balance.</summary>
    Reactive = 2,
    /// <summary>The planner on forecasts, as the product balances by default.</summary>
    Predictive = 3,
    /// <summary>Predictive, its knobs turned by a trained agent.</summary>
    Learned = 4,
    /// <summary>The predictive planner told what will come: the most that better forecasts could gain it.</summary>
    Oracle = 5,
}
