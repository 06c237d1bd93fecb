"""What may be set, by noun: a group is a flat part of `Settings`, with what its values must be. Its title heads a part of the reference."""
