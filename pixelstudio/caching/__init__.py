"""What was read a moment ago, kept so that it need not be read again: in this process, or in a Redis that several share."""
