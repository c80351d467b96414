"""What every room uses: errors, files written whole, progress, the terminal, where the templates are."""
