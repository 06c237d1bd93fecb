"""The doors: register, sign in, claim."""
