"""How quantities are written: from addresses to symbols, and laws for rows or columns, by a profile for each notation."""

from symbackprop.page.notation.profile import Profile, load_profile, profile_names
from symbackprop.page.notation.symbols import Notation

__all__ = ["Notation", "Profile", "load_profile", "profile_names"]
