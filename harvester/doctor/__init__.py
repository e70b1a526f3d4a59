"""The doctor: finds what went wrong with a workspace, and mends what can be mended without a person."""

from harvester.doctor.diagnosis import Diagnosis, Health
from harvester.doctor.examine import examine

__all__ = ["Diagnosis", "Health", "examine"]
