"""What a portal asks the published catalogue: regions, services, changes, gaps. Everything here only reads the file."""

from harvester.view.open import NoCatalogueError, open_catalogue
from harvester.view.place import Candidate, Place, find_places, pick_place
from harvester.view.service import find_service

__all__ = [
    "Candidate",
    "NoCatalogueError",
    "Place",
    "find_places",
    "find_service",
    "open_catalogue",
    "pick_place",
]
