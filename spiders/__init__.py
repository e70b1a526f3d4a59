"""How bytes arrive: one module per interface, thin, without mapping."""
