"""What is handed out: the wheel, what it needs, and the image's recipe."""
