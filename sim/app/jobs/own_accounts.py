"""Accounts of somebody's data as accounts of a scenario. Takes rows and a document; gives the document."""

from collections.abc import Mapping, Sequence
from typing import Any

Document = dict[str, Any]
"""A scenario as JSON has it."""
MOST_PER_DAY = 24.0
"""Videos a day that an account of a scenario may publish."""
SHARED = ("topics", "cost_per_post_cny", "verified")
"""What an account that is new takes over from the main one before."""


def with_own(given: Document, rows: Sequence[Mapping[str, Any]]) -> Document:
    """The document with the accounts of the rows in place of the brand's own.

    The one with the most fans becomes the main one (without fans: with the most videos). An account that the
    document has already keeps what the data do not say; creators stay, links of its own between those that
    are gone go.
    """
    before = {account["id"]: account for account in given["accounts"]}
    model = next((account for account in given["accounts"] if account.get("role") == "main"), before)
    first = max(rows, key=lambda row: (row["fans"] or 0, row["videos"]))
    accounts = []
    for row in sorted(rows, key=lambda row: row is not first):
        known = before.get(row["account"]) or {key: model[key] for key in SHARED if key in model}
        said = {"fans": row["fans"], "posts_per_day": row["per_day"] and min(row["per_day"], MOST_PER_DAY)}
        accounts.append(
            {
                **known,
                "id": row["account"], "role": "main" if row is first else "sub",
                **{key: value for key, value in said.items() if value is not None},
            }
        )  # fmt: skip
    own = {account["id"] for account in accounts}
    accounts += [a for a in given["accounts"] if a.get("role") == "creator" and a["id"] not in own]
    ids = {account["id"] for account in accounts}
    edges = [edge for edge in given["links"]["edges"] if set(edge[:2]) <= ids]
    return {**given, "accounts": accounts, "links": {**given["links"], "edges": edges}}
