"""The golden net: hashes of every format of many pages, so that a change of the program's inside shows which bytes it changed.

What is covered:

- every example spec × nine notations × two languages × three details, in every format;
- 200 random networks (``networks.json``, drawn once by ``drawing.py`` with all updates, rounding, mini-batches, frozen layers
  and laws of the user's own), each with one of the 54 combinations in turn, some with all entries shown (``full``), in every
  format.

A hash is of text. Of ``npz`` it is of the arrays. For ``pdf``, ``slides`` and pictures it is of what Typst is given, so that
neither a date nor Typst's version is in it, and nothing is set. What a network or a format refuses counts with its message;
a crash stands as ``!`` and the class of the error, to be seen until it is mended.

The hashes say that pages are the same, not that they are right; that is what the other tests are for.
"""
