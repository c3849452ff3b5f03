"""What a check has found."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How good a finding is. Only a failure changes the exit code."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it stands, and what to do unless all is well."""

    name: str
    outcome: Outcome
    detail: str
    fix: str = ""

    @classmethod
    def ok(cls, name: str, detail: str) -> "Finding":
        """All is well."""
        return cls(name, Outcome.OK, detail)

    @classmethod
    def warning(cls, name: str, detail: str, fix: str) -> "Finding":
        """Bifolio works, but not as well as it could."""
        return cls(name, Outcome.WARNING, detail, fix)

    @classmethod
    def failed(cls, name: str, detail: str, fix: str) -> "Finding":
        """Something that Bifolio needs does not work."""
        return cls(name, Outcome.FAILED, detail, fix)
