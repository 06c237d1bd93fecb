"""What the studio asks of others beside drawing, over real sockets."""
