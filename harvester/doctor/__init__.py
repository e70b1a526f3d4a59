"""The doctor: finds what went wrong with a workspace, and mends what can be mended without a person."""

from harvester.doctor.diagnosis import Diagnosis, Health
from harvester.doctor.examine import examine
from harvester.doctor.settings import Setting, settings_in_force

__all__ = ["Diagnosis", "Health", "Setting", "examine", "settings_in_force"]
