"""A believable world to look at: people, their sets and their pictures, the same every time."""
