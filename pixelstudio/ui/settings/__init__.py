"""One's own account: what others see of it, what the composer begins with, where it is open, what it holds, and its end."""
