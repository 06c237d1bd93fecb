"""Foreign bytes to upright sRGB pixels, within limits read from the header first. Imported only inside a child."""
