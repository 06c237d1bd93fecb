"""The front page, for strangers."""
