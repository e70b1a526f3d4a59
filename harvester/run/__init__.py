"""One harvest run: crawl, read, judge, fold."""
