"""One scenario key: its default with unit, source, status and plausible range.

Takes the facts about a key; gives a pydantic field that carries them, so that
`scenario explain`, the JSON Schema and the docs tables read one place. Does not
validate anything itself.
"""

from functools import partial
from typing import Any, Literal

from pydantic import Field

Status = Literal["measured", "published", "assumed", "chosen"]
"""How a default is known: measured on real data, published by a platform or a paper,
assumed (a free parameter: sweep it), or chosen by the user (no fact to know)."""


def parameter(
    default: Any,
    doc: str,
    *,
    unit: str = "",
    status: Status = "chosen",
    source: str = "",
    span: tuple[float, float] | None = None,
    off: Any = None,
    **limits: Any,
) -> Any:
    """A pydantic field with its provenance.

    Args:
        default: value when the key is left out; a callable makes a fresh one.
        doc: one sentence in the user's words.
        unit: unit of the value, '' for a pure number or a name.
        status: how the default is known.
        source: where it comes from; required unless the user simply chooses.
        span: plausible range (low, high) used by robust comparisons [same unit].
        off: value at which what the key is for does not happen, where that is not the default.
        limits: pydantic limits (ge, gt, le, lt, min_length, max_length).
    Returns:
        The field.
    Raises:
        ValueError: a default that is not the user's choice lacks a source, or an
            assumed number lacks a plausible range.
    Source: assumed (house rule: every default number has a source or says 'assumed').
    """
    if status != "chosen" and not source:
        raise ValueError(f"no source for {doc!r}")
    extra: dict[str, Any] = {"unit": unit, "status": status, "source": source}
    if span is not None:
        extra["range"] = list(span)
    if off is not None:
        extra["off"] = off
    given = {"default_factory": default} if callable(default) else {"default": default}
    return Field(description=doc, json_schema_extra=extra, **given, **limits)


def assumed(
    default: Any, doc: str, span: tuple[float, float] | None = None, source: str = "assumed", **facts: Any
) -> Any:
    """A key that is not known: a free parameter, with the range to check an answer over (`parameter`)."""
    return parameter(default, doc, status="assumed", source=source, span=span, **facts)


assumed_hours = partial(assumed, unit="h", ge=1, le=2000)
"""A key that says over how many hours something happens, and is not known (`parameter`)."""


def measured(default: Any, doc: str, source: str, **facts: Any) -> Any:
    """A key that was computed from real data (`parameter`)."""
    return parameter(default, doc, status="measured", source=source, **facts)


def published(default: Any, doc: str, source: str, **facts: Any) -> Any:
    """A key that a platform or a paper states (`parameter`)."""
    return parameter(default, doc, status="published", source=source, **facts)
