"""The numbers of a derivation, exact or certified, and the value at any address."""
