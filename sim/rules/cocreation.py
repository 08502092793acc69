"""Co-creation (M13): one video that several accounts of a matrix publish together.

Takes sizes and widths; gives sizes and widths. Does not know accounts or videos.

Model: an evenly spaced share of an account's posts is published together with one or a few others, rotated;
such a video gets a larger first exposure, since it matches both audiences, and is shown to the co-authors'
fans as to the author's, both judged by the platform. Who follows straight from it follows the account on
whose page it stands; viewers who open a co-author's page may follow there.
"""

from sim.rules.draws import ONE_32


def joint_width(fan_share: float, whole: int, fans: int) -> int:
    """Share of a co-author's fans who are shown a video [1/2³²]: as many people as of an author's own fans.

    Args:
        fan_share: part of a first exposure that fans have [0..1].
        whole: first exposure of the video [impressions].
        fans: of the co-author, inside the audience.
    Source: assumed; a joint post is in the feeds of the fans of each account (Douyin).
    """
    part = min(int(fan_share * whole), fans)
    return part * ONE_32 // fans if fans else 0
