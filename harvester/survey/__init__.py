"""Look at a site nobody knows yet, and write the source file it needs."""
