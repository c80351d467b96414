"""What is made of a report on a hand derivation: a page, a table for the terminal, a summary, an annotated copy."""
