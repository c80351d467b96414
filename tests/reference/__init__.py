"""An independent reference: the same networks by fractions and by intervals of mpmath, without a line of the package.

Nothing in this directory imports ``symbackprop``. It knows the format of a spec (``docs/spec.md``) and of the JSON export
(``docs/json.md``), and computes what the export must hold: ``reals`` has the numbers, ``figures`` the rounding, ``activations``
and ``losses`` the laws, ``network`` the passes, ``judge`` the comparison. ``random_specs`` makes specs to compare.
"""
