"""What a lecturer says, section by section."""
