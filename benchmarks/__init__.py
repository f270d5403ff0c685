"""What the README's figures come from. `make bench` runs everything once, in one go, and prints ratios."""
