"""Builds the player into the wheel, where a checkout has not done so already."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = Path("src/bifolio/reader/static/player/assets.json")


class PlayerBuildHook(BuildHookInterface[Any]):
    """Runs the player's own build before the wheel's files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Leave editable installs to `make setup`; for a wheel the player must be there."""
        root = Path(self.root)
        if version == "editable" or (root / BUILT).exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError("the player is not built, and npm is missing to build it")
        for arguments in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([npm, *arguments], cwd=root / "player", check=True)  # noqa: S603 (our own build)
