"""The net of verdicts as a command."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.verdicts import __doc__ as about
from tests.verdicts import net


def main() -> int:
    """0 if nothing changed, 1 if something did."""
    parser = argparse.ArgumentParser(prog="python -m tests.verdicts", description=about)
    parser.add_argument("--into", type=Path, help="a directory to write the reports to")
    parser.add_argument("--write", action="store_true", help="keep the hashes as they are now")
    asked = parser.parse_args()
    before, found = net.kept(), {}
    for name in net.names():
        text = net.report(name)
        found[name] = net.hashed(text)
        if asked.into:
            path = asked.into / f"{name.replace('/', '-')}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    if asked.write:
        net.write(found)
        return 0
    changed = [name for name, value in found.items() if before.get(name) != value]
    print("\n".join([*changed, f"{len(changed)} of {len(found)} reports changed"]))
    return bool(changed)


if __name__ == "__main__":
    sys.exit(main())
