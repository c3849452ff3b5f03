"""Says in the log of a process that starts engines how well they are locked up."""

import threading

import structlog

log = structlog.get_logger(__name__)

_AFTER_S = 3.0
"""The test takes the processor for a quarter of a second, which a starting server has better uses for."""


def notice_sandbox_soon() -> None:
    """Test and log in the background, once the start is over."""
    timer = threading.Timer(_AFTER_S, notice_sandbox)
    timer.daemon = True
    timer.start()


def notice_sandbox() -> None:
    """Log the level, with what is missing and the fix where it is not full."""
    from bifolio.conversion.sandbox_report import sandbox_report

    report = sandbox_report()
    if report.is_full:
        log.info(
            "engines are locked up", sandbox=report.level, without=[result.layer for result in report.missing]
        )
    else:
        log.warning(
            "engines are locked up badly", sandbox=report.level, problems=report.problems, fix=report.fix
        )
