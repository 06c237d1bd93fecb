"""Walls of what everybody may see: explore, feed, search."""
