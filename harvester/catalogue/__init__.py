"""The catalogue: built beside the old one, checked, swapped in one step."""
