"""Numbers of our parts as Prometheus' families, each under our name."""

from collections.abc import Mapping
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from models.timings import BOUNDS, Timings


def gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"chalkline_{name}", words, value)


def counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(f"chalkline_{name}", words, value)


def histogram(name: str, words: str, timings: Timings) -> Metric:
    bounds = [*map(str, BOUNDS), "+Inf"]
    buckets = list(zip(bounds, accumulate(timings.counts), strict=True))
    return HistogramMetricFamily(f"chalkline_{name}", words, buckets=buckets, sum_value=timings.total)


def counters(name: str, words: str, label: str, values: Mapping[str, float]) -> Metric:
    """One for each value of a label."""
    family = CounterMetricFamily(f"chalkline_{name}", words, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
