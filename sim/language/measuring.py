"""How an assumption can be measured by whoever runs accounts, as a clause that follows 'measure it by'.

Takes nothing; gives an English text by key, which the catalogue has in Chinese. Keys that nobody outside the
platform can measure, such as the weights of its score, have none.
"""

from sim.language.words import N_

_RATES = N_("reading it off your own export: count over plays, over at least 20 videos of the account")
_FUNNEL = N_("asking the same few hundred people before and after a week of posts")
_LISTS = N_("counting, on one account for two weeks, visits of the home page and what came over this link")
_MARKET = N_("the creator market's price list and what the last bookings brought")
MEASURING = {
    "audience.category_share": N_(
        "the category's share of watching time in the platform's index or a data service"
    ),
    "audience.fatigue_per_exposure": N_(
        "comparing, on days with one and with several posts, the like rate of each post"
    ),
    "audience.put_off_share": _FUNNEL,
    "audience.put_off_per_exposure": _FUNNEL,
    "platform.own_fan_power": N_(
        "giving the same video to two of your accounts of very different size, ten times or more"
    ),
    "platform.creator_fan_power": _MARKET,
    "platform.account_luck_sd": N_("`matrixsim luck` on the exports of all your accounts"),
    "platform.account_heat_fade_d": N_("how long a hit lifts the posts after it, on your own export"),
    "platform.same_day_elasticity": N_("posting once a day for two weeks, then twice, on one account"),
    "platform.same_content_factor": N_(
        "posting a handful of videos on a second account too, and comparing views"
    ),
    "platform.same_content_window_h": N_(
        "posting the same video on a second account after a week and after a month"
    ),
    "platform.inside_share": N_(
        "the audience portrait of your videos: the share of viewers who are whom you mean"
    ),
    "platform.fan_share": N_("the traffic sources of a video in its first hours, as the export has them"),
    "platform.trickle": N_("the daily views of videos older than a week, on your own export"),
    "platform.freshness_half_life_h": N_("the daily views of videos in their first week, on your own export"),
    "content.rates.completion": _RATES,
    "content.rates.like": _RATES,
    "content.rates.comment": _RATES,
    "content.rates.share": _RATES,
    "content.rates.follow": _RATES,
    "content.rates.visit": _RATES,
    "content.spread.within_account": N_("`matrixsim luck` on the exports of all your accounts"),
    "content.ingredient_gain": N_(
        "the same topic with and without the ingredient, on twenty videos of one account"
    ),
    "brand.gpm_cny": N_("the shop's sales per 1,000 plays of your own videos"),
    "brand.interested_share": _FUNNEL,
    "brand.aware_probability": _FUNNEL,
    "brand.interest_probability": _FUNNEL,
    "brand.order_probability": N_("the shop's orders per 1,000 plays among first-time buyers"),
    "brand.repeat_probability": N_("the shop's share of orders that come from earlier buyers"),
    "brand.trust_half_life_days": N_(
        "how the share of repeat buyers falls with days since the last video they saw"
    ),
    "structure.cost_per_account_cny": N_("your books: what an account costs a month beside its posts"),
    "links.cost_per_link_action_cny": N_(
        "your books: the hours that linking takes, times what an hour costs"
    ),
    "links.following_list_probability": _LISTS,
    "links.liked_list_probability": _LISTS,
    "links.mention_probability": N_("captions with and without an @, and the named account's visits"),
    "links.page_view_probability": _LISTS,
    "links.visit_follow_probability": N_("follows over visits of the home page, as the export has them"),
    "links.unfollow_probability": N_("fans lost over fans won, as the account's overview has them"),
    "production.variant_cost_share": N_("your books: what a second form of the same material costs"),
}
"""By key of a scenario."""
