"""``python -m scripts.release``: whether what would be published agrees with what the changelog and the tag say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def version() -> str:
    """The version of the package, as its source says."""
    text = (ROOT / "symbackprop" / "_util" / "version.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    assert found is not None
    return found[1]


def problems(version: str, changelog: str, tags: list[str], status: str) -> list[str]:
    """What stands against a release, a line each.

    Args:
        version: The version of the package.
        changelog: The text of CHANGELOG.md.
        tags: The tags of the commit that is checked out.
        status: What ``git status --porcelain`` prints.
    """
    heading = re.search(r"^## (\S+)(?: \((.+)\))?$", changelog, re.MULTILINE)
    found = []
    if heading is None or heading[1] != version:
        found.append(f"CHANGELOG.md: its first section is not about {version}: add '## {version} (date)'")
    elif heading[2] in (None, "unreleased"):
        found.append(f"CHANGELOG.md: {version} has no date: write '## {version} (year-month-day)'")
    if f"v{version}" not in tags:
        found.append(f"tag: this commit is not tagged v{version}: git tag v{version}")
    if status:
        found.append("work tree: it has changes that are not committed: commit or remove them")
    return found


def main() -> int:
    """Prints the problems; 1 if there are any."""

    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = problems(version(), changelog, git("tag", "--points-at", "HEAD").split(), git("status", "--porcelain"))
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
