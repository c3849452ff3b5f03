"""The settings of the player that are known, and what each may be. Must not import Django."""

_SWITCH = ("true", "false", "yes", "no", "on", "off", "1", "0")

KNOWN_SETTINGS: dict[str, tuple[str, ...]] = {
    "allowDownload": _SWITCH,
    "coverAlone": _SWITCH,
    "doublePages": ("whole", "split"),
}
"""The values that have a meaning, in lower case; others count as the default."""


def has_meaning(name: str, value: str) -> bool:
    """Whether a setting may have this value, in whatever case; any may that is not known."""
    return name not in KNOWN_SETTINGS or value.lower() in KNOWN_SETTINGS[name]
