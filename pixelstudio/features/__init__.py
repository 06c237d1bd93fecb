"""What the product does, one slice per noun, free of any web framework."""
