"""`bifolio doctor`: try everything that Bifolio stands on, and name the fix of what fails."""

import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bifolio.cli.console import say, say_json
from bifolio.cli.installation import open_installation
from bifolio.cli.options import AsJson
from bifolio.kernel.errors import BifolioError

if TYPE_CHECKING:
    from bifolio.cli.checks.finding import Finding

    Check = Callable[[], Finding]


def doctor(
    *,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also read every stored file and compare it with its digest.")
    ] = False,
    only: Annotated[str, typer.Option("--only", help="One check alone, by its name.", metavar="NAME")] = "",
    as_json: AsJson = False,
) -> None:
    """Check database, storage, sandbox, fonts, clock, base URL and more, each with the fix.

    Exits with 1 when something fails; warnings do not count.
    """
    open_installation(migrate=False)
    findings = []
    for name, check in _chosen(_checks(deep=deep), only):
        finding = _find(name, check)
        findings.append(finding)
        if not as_json:
            _say(finding)
    is_well = all(finding.outcome != "failed" for finding in findings)
    if as_json:
        say_json({"ok": is_well, "checks": [asdict(finding) for finding in findings]})
    if not is_well:
        raise typer.Exit(1)


def _chosen(checks: "list[tuple[str, Check]]", only: str) -> "list[tuple[str, Check]]":
    chosen = [(name, check) for name, check in checks if only in {"", name}]
    if not chosen:
        names = ", ".join(name for name, _ in checks)
        raise typer.BadParameter(f"There is no check of this name. There are: {names}.", param_hint="--only")
    return chosen


def _checks(*, deep: bool) -> "list[tuple[str, Check]]":
    from bifolio.cli.checks import database, fonts, sandbox, service, storage

    checks: list[tuple[str, Check]] = [
        ("database", database.check_database),
        ("storage", storage.check_storage),
        ("sandbox", sandbox.check_sandbox),
        ("fonts", fonts.check_fonts),
        ("clock", database.check_clock),
        ("base URL", service.check_base_url),
        ("player", service.check_player),
        ("secret key", service.check_secret_key),
        ("worker", service.check_worker),
    ]
    return [*checks, ("files", storage.check_files)] if deep else checks


def _find(name: str, check: "Check") -> "Finding":
    """Run a check; whatever it raises is what it has found."""
    from bifolio.cli.checks.finding import Finding
    from bifolio.cli.words import words_for

    try:
        return check()
    except BifolioError as error:
        return Finding.failed(name, words_for(error), "")
    except Exception as error:  # noqa: BLE001  a doctor goes on to the next thing
        reason = str(error).strip().partition("\n")[0] or "no reason given"
        return Finding.failed(name, f"{type(error).__name__}: {reason}", _FIXES.get(name, "Mend that first."))


_FIXES = {
    "database": "Check that it runs, that BIFOLIO_DATABASE_URL is right, and that its disk can be written.",
    "storage": "Check that BIFOLIO_DATA can be written and its disk is sound.",
    "sandbox": "Run `make setup` again; see docs/operate/install.md.",
    "clock": "Mend the database first.",
    "secret key": "Mend the database first.",
    "worker": "Mend the database first.",
    "files": "Mend database and storage first.",
}
_MARKS = {"ok": ("ok", "32"), "warning": ("warning", "33"), "failed": ("FAILED", "31")}


def _say(finding: "Finding") -> None:
    word, colour = _MARKS[finding.outcome]
    padded = f"{word:<7}"
    if sys.stdout.isatty():
        sys.stdout.write(f"\x1b[{colour}m{padded}\x1b[0m  ")
    else:
        sys.stdout.write(f"{padded}  ")
    say(f"{finding.name}: {finding.detail}")
    if finding.fix:
        say(f"         fix: {finding.fix}")
