"""What bytes mean: one module per interface, pure functions from a document to records of the common model."""
