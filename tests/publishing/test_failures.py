import pytest

from bifolio.conversion.events import FailureReason
from bifolio.publishing.failures import failure_sentence


@pytest.mark.parametrize("reason", FailureReason)
def test_every_reason_has_a_sentence(reason: FailureReason) -> None:
    assert failure_sentence(reason.value).endswith(".")


def test_no_two_reasons_share_a_sentence() -> None:
    assert len({failure_sentence(reason.value) for reason in FailureReason}) == len(FailureReason)
