namespace ShardStore.Balancer;

/// <summary>Adds up the steps of a move's time, with the move and without it.</summary>
internal sealed class OutcomeSums(MoveExpectation expected, double stepSeconds)
{
    private int _steps;
    private double _excessWithout, _excessWith, _targetExcessAdded;
    private double _secondsOver, _secondsOverWithout, _targetSecondsAdded;
    private double _sourcePeak, _sourcePeakWithout, _targetPeak, _targetPeakWithout;

    public void Add(OutcomeStep step)
    {
        var stopped = step.SourceLoad + step.LaterLoad;
        var without = stopped + (expected.SourceSharePerOp * step.Ops);
        var targetWithout = Math.Max(0, step.TargetLoad - (expected.TargetSharePerOp * step.Ops));
        _steps++;
        _excessWithout += Excess(without);
        _excessWith += Excess(stopped);
        _targetExcessAdded += Excess(step.TargetLoad) - Excess(targetWithout);
        _secondsOver += IsOver(step.SourceLoad) ? stepSeconds : 0;
        _secondsOverWithout += IsOver(without) ? stepSeconds : 0;
        _targetSecondsAdded += IsOver(step.TargetLoad) && !IsOver(targetWithout) ? stepSeconds : 0;
        _sourcePeak = Math.Max(_sourcePeak, step.SourceLoad);
        _sourcePeakWithout = Math.Max(_sourcePeakWithout, without);
        _targetPeak = Math.Max(_targetPeak, step.TargetLoad);
        _targetPeakWithout = Math.Max(_targetPeakWithout, targetWithout);
    }

    public MoveOutcome Into(MoveOutcome blank, int stepsExpected) => blank with
    {
        Help = Verdict(stepsExpected),
        MeasuredShare = stepsExpected > 0 ? Math.Min(1, _steps / (double)stepsExpected) : 0,
        SourcePeak = _sourcePeak,
        SourcePeakWithout = _sourcePeakWithout,
        TargetPeak = _targetPeak,
        TargetPeakWithout = _targetPeakWithout,
        SourceSecondsOver = _secondsOver,
        SourceSecondsOverWithout = _secondsOverWithout,
        TargetSecondsOverAdded = _targetSecondsAdded,
        ExcessWithout = _excessWithout,
        ExcessAvoided = Avoided,
    };

    private double Avoided => _excessWithout - _excessWith - _targetExcessAdded;

    private MoveHelp Verdict(int stepsExpected)
    {
        if (_steps == 0 || _steps < OutcomeRule.MeasuredMin * stepsExpected)
            return MoveHelp.CannotTell;
        if (_excessWithout <= 0)
            return _targetExcessAdded > 0 ? MoveHelp.No : MoveHelp.NotNeeded;
        return Avoided >= OutcomeRule.HelpMin * _excessWithout ? MoveHelp.Yes : MoveHelp.No;
    }

    private double Excess(double load) => Math.Max(0, load - expected.Threshold) * stepSeconds;

    private bool IsOver(double load) => load > expected.Threshold;
}
