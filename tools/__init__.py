"""What the Makefile calls: environment, browser, locks, the printed map, the bare machine. Never imported by the product."""
