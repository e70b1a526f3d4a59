"""The preview portal and the read API: what the published catalogue means for a person, and for other programs."""
