namespace ShardStore.Balancer.Forecasting;

/// <summary>Something known of a load that its past alone does not tell, before it happens too: an event, a window of
/// use. How much a unit of it changes the load is learnt from the past it acted in.</summary>
public interface IKnownRegressor
{
    /// <summary>How strongly it acts at a grid position (<see cref="SeriesShape.LastStep"/>); 0 where it does
    /// not.</summary>
    double At(long step);
}
