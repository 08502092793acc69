"""The report's words for things that are no entry of the registry: nouns, roles, endings, intervals.

Holds words only, marked for translation; Chinese stands in the catalogue.
"""

from collections.abc import Mapping

from sim.language.words import N_, NC_

NOUNS: Mapping[str, tuple[str, str]] = {
    "account": (N_("{n} account"), N_("{n} accounts")),
    "video": (N_("{n} video"), N_("{n} videos")),
    "day": (N_("{n} day"), N_("{n} days")),
    "visit": (N_("{n} home-page visit"), N_("{n} home-page visits")),
    "follow": (N_("{n} new follower"), N_("{n} new followers")),
    "order": (N_("{n} order"), N_("{n} orders")),
    "link": (N_("{n} link"), N_("{n} links")),
}
"""What is counted: one, and several."""

ROLES: Mapping[str, str] = {
    "main": NC_("role", "main"),
    "sub": NC_("role", "sub"),
    "creator": NC_("role", "creator"),
    "competitor": NC_("role", "competitor"),
}
ENDS: Mapping[str, str] = {
    "score above mark": N_("score reached the pass mark"),
    "score below mark": N_("score below the pass mark"),
    "audience exhausted": NC_("report", "nearly everybody has seen it"),
    "top of the ladder": NC_("report", "passed the top pool"),
    "no response": NC_("report", "nobody responded"),
    "late revival": NC_("report", "a late second chance"),
    "less than one impression a day": N_("less than one impression a day"),
    "past the age limit": NC_("report", "too old to be shown"),
    "running": NC_("report", "still on its way"),
}
INTERVALS = (
    N_("paired Student t"),
    N_("paired Student t, in two parts where many differences are alike"),
    N_("paired Student t, in two parts where many differences are 0"),
)
"""Kinds of interval that a comparison has, or had in earlier versions."""
