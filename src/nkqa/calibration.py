"""How far confidences can be trusted: calibration error, and how risk falls with the share of answers that is kept."""

from __future__ import annotations

from collections.abc import Sequence

BINS = 10


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return the mean distance between confidence and accuracy over ten bins of equal width, weighted by their size.

    Source: Naeini, Cooper and Hauskrecht 2015. None where there is no answer.
    """
    if not confidences:
        return None
    bins: list[list[int]] = [[] for _ in range(BINS)]
    for place, confidence in enumerate(confidences):
        bins[min(int(confidence * BINS), BINS - 1)].append(place)
    error = 0.0
    for places in filter(None, bins):
        sure = sum(confidences[place] for place in places) / len(places)
        true = sum(right[place] for place in places) / len(places)
        error += len(places) / len(confidences) * abs(sure - true)
    return error


def risk_at(coverage: float, confidences: Sequence[float], right: Sequence[bool]) -> float | None:
    """Return the share of wrong ones among the surest `coverage` (a share above 0) of all answers; None without any.

    One point of the risk-coverage curve: El-Yaniv and Wiener 2010.
    """
    kept = sorted(range(len(confidences)), key=lambda place: -confidences[place])
    kept = kept[: max(1, round(coverage * len(kept)))]
    return sum(not right[place] for place in kept) / len(kept) if kept else None
