"""How the nation's sources write what they have: one module per interface."""
