"""Topic heat (P9): what makes a topic hot, and how the visitors of its page are shared among its videos.

Takes whole counts; gives whole counts. Nothing is drawn: who meets a video is decided where people are. Does
not know topics by name, nor videos.

Model: posts and engagement of a sliding window make a topic hot; then its videos are shown more:
what comes out gets a larger first exposure, what is out already more an hour; its page shows them to some of
its people.
"""


def heat(posts: int, engagements: int, post_weight: int) -> int:
    """Heat of a topic [engagements]: what was posted and done about it within the window.

    Args:
        posts: published within the window.
        engagements: likes, comments and shares within it.
        post_weight: engagements that one post counts for.
    Source: assumed; platforms say that posts and engagement make a topic hot, and publish no formula.
    """
    return posts * post_weight + engagements


def page_views(people: int, daily_share: float, weight: float) -> int:
    """Videos that are watched on a hot topic's page in an hour.

    Args:
        people: whose main interest the topic is.
        daily_share: share of them who open its page on a day.
        weight: activity of the hour, mean 1.
    Source: assumed; one video a visit.
    """
    return int(people * daily_share * weight / 24)


def listed_views(views: int, videos: int, place: int) -> int:
    """What falls to one of the videos of a page: equal parts, the rest to the newest.

    Args:
        views: of the page.
        videos: on it.
        place: of the video, 0 for the newest.
    """
    return views // videos + (place < views % videos)
