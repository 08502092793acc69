"""What every table of a scenario is made of: strict, frozen, finite; the types that keys share.

Takes nothing; gives the base class and the shared limits. Holds no keys of its own.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST_PEOPLE = 10**12  # so that no count leaves 64 bits
SHARES_TOLERANCE = 0.01  # shares written with two digits rarely sum to 1 exactly
KUAIRAND = "KuaiRand-Pure, Gao et al. CIKM 2022"

Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Count = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]


class Section(BaseModel):
    """A table of the scenario file: unknown keys are errors, numbers are finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
