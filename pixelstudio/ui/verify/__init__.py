"""Verify: any file's story."""
