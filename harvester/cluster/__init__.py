"""Harvesting on a cluster of dask.distributed: workers gather, one writer folds in (docs/cluster.md). Extra ``[cluster]``."""
