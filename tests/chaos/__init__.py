"""`make chaos`: real workers on a real database, killed and frozen at every wait, against somebody who charges and writes it down."""
