"""Workflows and chatflows: scripts of nodes (`script`), and the two channels that tell them."""
