"""What a maintainer types: serve, worker, migrate, claim; and the build of the pages that serving needs."""
