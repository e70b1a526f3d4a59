"""Municipal sites: profiles of the products they run on, and what an address on them is."""

from harvester.sites.links import LinkKind, Target, classify_link
from harvester.sites.profile import SiteProfile
from harvester.sites.profiles import product_of, profile_named, profile_names
from harvester.sites.site import Site

__all__ = [
    "LinkKind",
    "Site",
    "SiteProfile",
    "Target",
    "classify_link",
    "product_of",
    "profile_named",
    "profile_names",
]
