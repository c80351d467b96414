"""Programs for those who work on symbackprop."""
