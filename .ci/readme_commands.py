"""Prints the two set-up commands of a README, a line each, and after them the commands of its tour up to the first figures."""

import re
import sys
from pathlib import Path

text = Path(sys.argv[1]).read_text(encoding="utf-8")
blocks = re.findall(r"^```(sh setup|sh)\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)
joined = [(kind, " ".join(part.strip() for part in block.replace("\\\n", " ").splitlines())) for kind, block in blocks]
setup = [command for kind, command in joined if kind == "sh setup"]
if len(setup) != 2:
    sys.exit("the README must show exactly two set-up commands")
tour = [block for kind, block in blocks if kind == "sh"][:3]
print(*setup, *"\n".join(tour).splitlines(), sep="\n")
