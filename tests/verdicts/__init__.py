"""A net of verdicts: hashes of whole reports (JSON) on a few hundred hand derivations, so that no verdict changes unseen.

``python -m tests.verdicts`` says which reports changed; ``--into DIRECTORY`` writes them all there, to be compared by
``diff -r`` with those of other code; ``--write`` keeps the hashes as they are now.
"""
