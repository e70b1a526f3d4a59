"""Municipal sites: one per product, with its address grammar and its awkwardness."""
