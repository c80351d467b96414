"""How well ``symbackprop check`` judges: random networks, derivations rounded as people round, seeded mistakes.

``python -m benchmarks.diagnosis`` prints the table of docs/diagnosis.md; ``--write`` puts it there.
"""
