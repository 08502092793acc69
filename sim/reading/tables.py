"""What is read from the files of other programs, whatever they call it: the tables and their columns.

Each table is a polars frame with exactly these columns in this order; null is 'not known', which is never 0.
`file` and `row` say where a row stands: the path as given, and the row as a spreadsheet numbers it. Shares
and rates lie in 0..1, lengths are seconds, money is yuan unless the platform names another currency, moments
are as written (no time zone). `account` is the name that the file, its column or the caller gives.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl
from polars.datatypes import DataTypeClass

_TEXT, _COUNT, _REAL = pl.String, pl.Int64, pl.Float64
MOMENT = pl.Datetime("us")
"""Without a time zone: exports give local time, Beijing's for Douyin."""

Schema = Mapping[str, DataTypeClass | pl.DataType]
_PLACE: Schema = {"file": _TEXT, "row": _COUNT, "platform": _TEXT, "account": _TEXT}

TABLES: Mapping[str, Schema] = MappingProxyType(
    {
        # A video and what became of it. `estimated`: the numbers are a third party's estimates.
        "videos": {
            **_PLACE,
            "video_id": _TEXT, "title": _TEXT, "link": _TEXT,
            "published_at": MOMENT, "genre": _TEXT, "status": _TEXT, "duration_s": _REAL,
            "impressions": _COUNT,       # shown in a feed or a search
            "plays": _COUNT, "reach": _COUNT, "completions": _COUNT,
            "finish_rate": _REAL,        # of plays, or from completions; may lie above finish_5s
            "finish_5s": _REAL, "finish_3s": _REAL, "bounce_2s": _REAL, "cover_ctr": _REAL,
            "played_share": _REAL, "skip_rate": _REAL, "replay_rate": _REAL,
            "avg_watch_s": _REAL, "total_watch_s": _REAL,
            "likes": _COUNT, "comments": _COUNT, "shares": _COUNT, "saves": _COUNT, "danmaku": _COUNT,
            "like_rate": _REAL, "comment_rate": _REAL, "share_rate": _REAL, "save_rate": _REAL,
            "dislike_rate": _REAL,
            "follows": _COUNT,           # gained through the video
            "unfollows": _COUNT,
            "follower_delta": _COUNT,    # gained, less those lost where told so
            "follow_rate": _REAL, "unfollow_rate": _REAL,
            "profile_visits": _COUNT,
            "fans": _COUNT,              # of the author when the file was made
            "estimated": pl.Boolean,
        },
        # Where a video's plays came from; of an account as a whole, video_id and title are null.
        "sources": {**_PLACE, "video_id": _TEXT, "title": _TEXT, "source": _TEXT, "share": _REAL},
        # A number of an account on a day; may be negative. Metrics are the names of columns of `videos`, and
        # `fans`, `live_viewers`, `live_income`, `watch_rate`.
        "days": {**_PLACE, "date": pl.Date, "metric": _TEXT, "value": _REAL},
        # Who watches or follows. Dimensions: gender, age, region, city, device, interest, hour, activity.
        "audience": {**_PLACE, "dimension": _TEXT, "value": _TEXT, "share": _REAL, "people": _REAL},
        # Figures of an account over a period, mostly medians and means of its posts.
        "overview": {**_PLACE, "first": pl.Date, "last": pl.Date, "metric": _TEXT, "value": _REAL},
        # Creators of a price list; `estimated` names the columns that are no figures of the platform itself.
        "creators": {
            **_PLACE,
            "name": _TEXT, "creator_id": _TEXT, "fans": _COUNT, "price_cny": _REAL, "plays": _COUNT,
            "completion": _REAL, "interaction": _REAL, "fit": _REAL, "estimated": pl.List(pl.String),
        },
        # A day (or all days) of an advert's material.
        "ads": {
            **_PLACE,
            "date": pl.Date, "project_id": _TEXT, "project": _TEXT, "unit_id": _TEXT, "unit": _TEXT,
            "material_id": _TEXT, "material": _TEXT, "material_type": _TEXT, "aim": _TEXT,
            "cost": _REAL, "impressions": _COUNT, "plays": _COUNT, "clicks": _COUNT, "conversions": _COUNT,
            "deep_conversions": _COUNT, "orders_value": _REAL, "roi": _REAL, "bid": _REAL,
            "cpm": _REAL, "cpc": _REAL, "cpa": _REAL, "deep_cpa": _REAL,
            "click_rate": _REAL, "conversion_rate": _REAL, "deep_rate": _REAL, "finish_3s": _REAL,
        },
        # Goods of a third party's list; spans are the geometric means of their ends.
        "products": {
            **_PLACE,
            "product": _TEXT, "product_link": _TEXT, "rank": _COUNT, "commission": _REAL, "sales": _REAL,
            "conversion_rate": _REAL, "revenue": _REAL,
        },
        # How much a word is looked for, by day.
        "interest": {**_PLACE, "date": pl.Date, "keyword": _TEXT, "metric": _TEXT, "value": _REAL},
    }
)  # fmt: skip


def empty(table: str) -> pl.DataFrame:
    """A table without rows.

    Args:
        table: a name of `TABLES`.
    Example:
        >>> empty("sources").columns[-2:]
        ['source', 'share']
    """
    return pl.DataFrame(schema=TABLES[table])
