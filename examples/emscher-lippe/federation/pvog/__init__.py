"""The Suchdienst API of the Portalverbund Onlinegateway."""
