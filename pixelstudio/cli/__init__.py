"""What a maintainer types: serve, worker, migrate, claim, password, settle, doctor; and the build of the pages that serving needs."""
