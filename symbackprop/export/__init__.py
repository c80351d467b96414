"""What an exercise becomes for other programs: JSON, arrays, programs of NumPy and PyTorch, a notebook."""
