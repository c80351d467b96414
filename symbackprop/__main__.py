"""``python -m symbackprop``"""

from symbackprop.cli import run

run()
