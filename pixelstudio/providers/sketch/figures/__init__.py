"""Things as silhouettes: what they are made of, each kind of them, and all by name."""
