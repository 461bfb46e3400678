"""A site in one file, made while it runs, and the way back."""
