"""A person as everybody sees them."""
