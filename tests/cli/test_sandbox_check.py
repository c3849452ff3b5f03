import pytest

from bifolio.cli.checks import sandbox
from bifolio.cli.checks.finding import Outcome
from bifolio.conversion.preparation import Layer, LayerResult
from bifolio.conversion.sandbox_report import SandboxReport


def test_engines_that_stay_root_are_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    layers = tuple(
        LayerResult(layer, layer is not Layer.USER, "there is no user to become") for layer in Layer
    )
    report = SandboxReport(layers, {}, draws=True)
    assert report.is_full
    monkeypatch.setattr(sandbox, "sandbox_report", lambda: report)
    finding = sandbox.check_sandbox()
    assert finding.outcome is Outcome.FAILED
    assert finding.detail.endswith("documents are read as root")
    assert "BIFOLIO_SANDBOX_USER" in finding.fix
