"""Reports: what needs a person, what changed, and how the sources are. Facts first (``Report``), then their faces."""
