"""The plain HTTP surface: doors (`/auth/*`), bytes (`/media/*`), health; JSON problems with a sentence."""
