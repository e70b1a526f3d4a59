"""What all parts of the common model share."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """An immutable value of the common model; unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
