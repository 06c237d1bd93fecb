"""What a maintainer types: serve, worker, migrate, claim, doctor; and the build of the pages that serving needs."""
