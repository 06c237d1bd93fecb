"""The composer, and what comes of it."""
