"""What a maintainer types: serve, worker, migrate, claim, settle, doctor; and the build of the pages that serving needs."""
