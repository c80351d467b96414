"""The table of operations: what each activation and each loss is, and what SymPy makes of its derivative."""
