"""The parts every page is made of. They take vars and handlers and know no state."""
