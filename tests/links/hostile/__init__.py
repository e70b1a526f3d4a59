"""A server on loopback that misbehaves in every way link checkers meet, and the table of what should be made of it."""
