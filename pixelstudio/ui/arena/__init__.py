"""The arena: one prompt on a few models, or on a grid of two parameters, side by side."""
