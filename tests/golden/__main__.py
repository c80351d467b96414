"""Compares the pages as they are made now with the golden net: ``python -m tests.golden``.

``--fast`` takes a sample, KEY… the pages whose keys begin so; ``--write`` keeps the hashes as they are now;
``--show KEY FORMAT`` shows what changed in a page since the commit that last changed the hashes, or since ``--against REV``.
"""

from __future__ import annotations

import argparse
import sys

from tests.golden import net
from tests.golden.making import MAKERS


def main() -> int:
    """0 if nothing changed, 1 if something did."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("keys", nargs="*", metavar="KEY", help="the beginning of keys such as document/ng/zh/brief")
    parser.add_argument("--fast", action="store_true", help=f"a sample: every {net.FAST_EVERY}th page")
    parser.add_argument("--write", action="store_true", help="keep the hashes as they are now")
    parser.add_argument("--show", nargs=2, metavar=("KEY", "FORMAT"), help="a unified diff of a page")
    parser.add_argument("--against", metavar="REV", help="for --show: the code of this commit")
    parser.add_argument("--jobs", type=int, default=net.cores(), help="processes [default: one a core]")
    asked = parser.parse_args()
    if asked.against and not asked.show:
        parser.error("--against goes with --show KEY FORMAT")
    if asked.show:
        key, form = asked.show
        if key not in net.every_key() or form not in MAKERS:
            parser.error(f"no such page: a key is a line of {net.HASHES.name}, a format one of {', '.join(MAKERS)}")
        difference = net.difference(key, form, asked.against or net.last_kept())
        print(difference or "no difference")
        return bool(difference)
    wanted = net.sample() if asked.fast else net.every_key()
    wanted = [key for key in wanted if key.startswith(tuple(asked.keys))] if asked.keys else wanted
    if not wanted:
        parser.error("no page has a key that begins so")
    made = net.made(wanted, asked.jobs)
    if asked.write:
        print("\n".join(net.write(made)) or f"kept {len(made)} pages")
        return 0
    changes = net.changes(made, net.kept())
    print("\n".join([*changes, net.summary(made, net.kept())]))
    return bool(changes)


if __name__ == "__main__":
    sys.exit(main())
