"""The sandbox in which documents are read: whether engines work in it, and what it would stop."""

from bifolio.cli.checks.finding import Finding
from bifolio.conversion.preparation import Layer
from bifolio.conversion.sandbox_report import SandboxReport, sandbox_report
from bifolio.infra.configuration import configuration

_OPEN_FOLDER = 0o007


def check_sandbox() -> Finding:
    """Try in a process locked up like an engine what an intruder would, and draw a page there."""
    report = sandbox_report()
    if report.problem or not report.draws:
        return Finding.failed("sandbox", "; ".join(report.problems), report.fix)
    if _reads_as_root(report):
        return Finding.failed("sandbox", f"{_detail(report)}; documents are read as root", report.fix)
    if report.is_full:
        return Finding.ok("sandbox", _detail(report))
    fix = " ".join(filter(None, (report.fix, _close_the_folder(report))))
    if configuration().sandbox_require == "full":
        return Finding.failed("sandbox", f"{_detail(report)}; BIFOLIO_SANDBOX_REQUIRE asks for full", fix)
    return Finding.warning("sandbox", _detail(report), fix)


def _reads_as_root(report: SandboxReport) -> bool:
    return any(result.layer is Layer.USER for result in report.missing)


def _detail(report: SandboxReport) -> str:
    layers = ", ".join(result.detail for result in report.layers if result.is_on)
    missing = "; ".join(f"{result.layer}: {result.detail}" for result in report.missing)
    stopped = len(report.attacks) - len(report.open_ways)
    parts = [
        f"{report.level}: {layers}",
        f"without {missing}" if missing else "",
        f"{stopped} of {len(report.attacks)} attempts to get out are stopped",
        f"open: {', '.join(report.open_ways)}" if report.open_ways else "",
    ]
    return "; ".join(filter(None, parts))


def _close_the_folder(report: SandboxReport) -> str:
    """What keeps another user out of the data where Landlock does not."""
    data = configuration().data
    is_open = data.stat().st_mode & _OPEN_FOLDER
    lacks_landlock = any(result.layer is Layer.LANDLOCK for result in report.missing)
    return f"chmod o-rwx {data}" if is_open and lacks_landlock else ""
