"""Calibration error and risk, on cases whose figures can be worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nkqa.calibration import expected_calibration_error, risk_at

answers = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_nothing_answered_has_no_figures():
    assert expected_calibration_error([], []) is None
    assert risk_at(1.0, [], []) is None


@pytest.mark.parametrize(
    ("confidences", "right", "error"),
    [
        ([1.0, 1.0], [True, True], 0.0),
        ([1.0, 1.0], [True, False], 0.5),
        ([0.0], [True], 1.0),
        ([0.75, 0.75, 0.75, 0.75], [True, True, True, False], 0.0),
        # One bin is 0.2 too sure, the other, three times as large, 0.1 too unsure.
        ([0.2, 0.9, 0.9, 0.9], [False, True, True, True], (0.2 + 3 * 0.1) / 4),
    ],
)
def test_calibration_error(confidences, right, error):
    assert expected_calibration_error(confidences, right) == pytest.approx(error)


def test_risk_is_that_of_the_surest():
    confidences, right = [0.9, 0.1, 0.8, 0.5], [True, False, True, False]
    assert [risk_at(share, confidences, right) for share in (0.25, 0.5, 0.75, 1.0)] == [0, 0, pytest.approx(1 / 3), 0.5]


@given(answers)
def test_both_are_shares(given_answers):
    confidences, right = zip(*given_answers, strict=True)
    error, risk = expected_calibration_error(confidences, right), risk_at(1.0, confidences, right)
    assert 0 <= error <= 1
    assert risk == pytest.approx(1 - sum(right) / len(right))
