"""The memory between runs: ``state.db`` and the shards of runs that are under way."""

from harvester.state.packing import Packed, Packer
from harvester.state.shard import Shard, Tally
from harvester.state.store import StateTooNewError, open_state

__all__ = ["Packed", "Packer", "Shard", "StateTooNewError", "Tally", "open_state"]
