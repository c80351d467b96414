"""Numbers: exact or certified, their rounded text, the nearest double, numerals as people write them."""
