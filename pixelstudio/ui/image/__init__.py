"""One picture on its wall, with its recipe."""
