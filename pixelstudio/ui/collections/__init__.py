"""Collections: one's own, and each on its own wall."""
