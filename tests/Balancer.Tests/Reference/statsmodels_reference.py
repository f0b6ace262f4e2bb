#!/usr/bin/python3
"""Writes statsmodels.json: what statsmodels makes of generated series, for the tests of ARIMA and Holt-Winters.

Debian: apt-get install python3-statsmodels. Run it from anywhere; same seeds, same file, up to the last digits of
another release. The tests read the file and do not need Python.
"""
import json
import pathlib

import numpy
import statsmodels
from statsmodels.tsa.holtwinters import ExponentialSmoothing
from statsmodels.tsa.statespace.sarimax import SARIMAX

STEPS = 30


def simulate(count, values, errors, differences, season, seed):
    """An ARIMA series with unit errors, a mean of 50 before it is summed up."""
    burn = 200
    rng = numpy.random.default_rng(seed)
    noise = rng.standard_normal(count + burn)
    series = numpy.zeros(count + burn)
    for t in range(count + burn):
        series[t] = noise[t]
        series[t] += sum(w * series[t - i - 1] for i, w in enumerate(values) if t > i)
        series[t] += sum(w * noise[t - j - 1] for j, w in enumerate(errors) if t > j)
    series = series[burn:]
    for _ in range(differences):
        series = numpy.cumsum(series)
    if season:
        shape = 5 * numpy.sin(2 * numpy.pi * numpy.arange(season) / season)
        for t in range(count):
            series[t] += series[t - season] if t >= season else shape[t]
    return numpy.round(50 + series, 4)


def arima(name, count, values, errors, differences=0, season=0, seed=0):
    series = simulate(count, values, errors, differences, season, seed)
    has_mean = differences == 0 and season == 0
    seasonal = (0, 1, 0, season) if season else (0, 0, 0, 0)
    model = SARIMAX(series, order=(len(values), differences, len(errors)), seasonal_order=seasonal,
                    trend="c" if has_mean else "n")
    fit = model.fit(disp=0, maxiter=500)
    params = dict(zip(fit.param_names, fit.params))
    phi = [params[f"ar.L{i + 1}"] for i in range(len(values))]
    theta = [params[f"ma.L{j + 1}"] for j in range(len(errors))]
    forecast = fit.get_forecast(STEPS)
    return {
        "name": name, "differences": differences, "season": season, "series": list(series),
        "mean": params["intercept"] / (1 - sum(phi)) if has_mean else 0.0,
        "values": phi, "errors": theta, "variance": params["sigma2"],
        "forecast": list(forecast.predicted_mean), "deviations": list(forecast.se_mean),
    }


def holt_winters(name, season, weights, seed):
    """Once with weights and start given, once with all of them estimated."""
    level, trend, seasonal, damping = weights
    rng = numpy.random.default_rng(seed)
    count = 12 * season
    time = numpy.arange(count)
    series = 100 + 20 * numpy.sin(2 * numpy.pi * time / season) + 0.05 * time + rng.standard_normal(count) * 2
    series = numpy.round(series, 4)
    start = list(numpy.round(20 * numpy.sin(2 * numpy.pi * numpy.arange(season) / season), 4))
    options = {"trend": "add", "damped_trend": True} if trend else {}
    known = {"initial_trend": 0.1} if trend else {}
    model = ExponentialSmoothing(series, seasonal="add", seasonal_periods=season, initialization_method="known",
                                 initial_level=100.0, initial_seasonal=start, **known, **options)
    fixed = {"smoothing_trend": trend, "damping_trend": damping} if trend else {}
    given = model.fit(smoothing_level=level, smoothing_seasonal=seasonal, optimized=False, **fixed)
    estimated = ExponentialSmoothing(series, seasonal="add", seasonal_periods=season,
                                     initialization_method="estimated", **options).fit()
    return {
        "name": name, "season": season, "series": list(series), "level": level, "trend": trend, "seasonal": seasonal,
        "damping": damping if trend else 1.0, "startTrend": known.get("initial_trend", 0.0), "startSeason": start,
        "given": list(given.forecast(STEPS)), "estimated": list(estimated.forecast(STEPS)),
    }


def main():
    cases = {
        "made": f"statsmodels {statsmodels.__version__}, numpy {numpy.__version__}",
        "arima": [
            arima("AR(1)", 600, [0.7], [], seed=1),
            arima("AR(2), a damped wave", 600, [1.4, -0.7], [], seed=2),
            arima("MA(1)", 600, [], [0.5], seed=3),
            arima("ARMA(1,1)", 800, [0.8], [-0.4], seed=4),
            arima("ARMA(2,1)", 800, [0.5, 0.3], [0.4], seed=5),
            arima("ARIMA(0,1,1)", 600, [], [-0.6], differences=1, seed=6),
            arima("ARIMA(1,1,0)", 600, [0.5], [], differences=1, seed=7),
            arima("ARIMA(2,1,2)", 1000, [0.5, -0.4], [0.4, 0.3], differences=1, seed=8),
            arima("seasonal difference, AR(1)", 600, [0.6], [], season=12, seed=9),
            arima("both differences, MA(1)", 600, [], [-0.5], differences=1, season=12, seed=10),
            arima("a season longer than the horizon", 800, [0.7], [0.3], season=48, seed=11),
        ],
        "holtWinters": [
            holt_winters("no trend", 24, (0.3, 0.0, 0.2, 1.0), seed=21),
            holt_winters("damped trend", 12, (0.4, 0.1, 0.3, 0.9), seed=22),
            holt_winters("a season longer than the horizon", 48, (0.2, 0.05, 0.1, 0.98), seed=23),
        ],
    }
    path = pathlib.Path(__file__).with_name("statsmodels.json")
    path.write_text(json.dumps(cases, indent=None, separators=(",", ":"),
                               default=float).replace("},{", "},\n{") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
