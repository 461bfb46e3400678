"""Chainlit for comparison: the smallest app that streams from the same fake upstream, and its tabs."""
