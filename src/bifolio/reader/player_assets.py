"""The built player's files: their hashed names, and the critical CSS that stands in the page."""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bifolio.kernel.errors import BifolioError

FOLDER = Path(__file__).parent / "static" / "player"


class PlayerNotBuilt(BifolioError):
    """The player's build output is missing: `make setup` makes it, a wheel carries it."""


@dataclass(frozen=True, slots=True)
class PlayerAssets:
    """Addresses of script and style sheets, the critical CSS and its hash for the CSP."""

    script: str
    style: str
    style_without_script: str
    critical_css: str
    critical_css_hash: str


@cache
def player_assets() -> PlayerAssets:
    """Return the built player's assets. Raises PlayerNotBuilt."""
    try:
        names = json.loads((FOLDER / "assets.json").read_text("utf-8"))
        without_script = names["without-script.css"]
        critical_css = (FOLDER / names["critical.css"]).read_text("utf-8").strip()
    except (OSError, KeyError, ValueError) as error:
        raise PlayerNotBuilt from error
    return PlayerAssets(
        script=f"/assets/player/{names['player.js']}",
        style=f"/assets/player/{names['player.css']}",
        style_without_script=f"/assets/player/{without_script}",
        critical_css=critical_css,
        critical_css_hash=csp_hash(critical_css),
    )


def csp_hash(text: str) -> str:
    """Return the CSP source expression that allows exactly this inline text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
