"""The commented scenario that `matrixsim scenario new` writes, a first one to edit."""

STARTER = """\
# A scenario for matrixsim. Every key has a default: delete what you do not need.
# All keys, limits and sources:  matrixsim scenario schema     In words:  matrixsim scenario explain FILE

name = "My matrix"

[audience]
users = 200_000                      # people, one to one; fewer users is another world, not a quicker one
topics = { beauty = 0.6, food = 0.4 }   # free names; shares of main interest, they sum to 1

[platform]
hit = "p99"                          # a hit: above 99 in 100 of its category; or a number of impressions

[brand]
price_cny = 99.0                     # price of one order
margin_share = 0.5                   # what is left of it

[[accounts]]                         # exactly one main account
id = "main"
role = "main"
fans = 30_000                        # inside the audience, so not above users
posts_per_day = 1.0

[[accounts]]                         # one block for each further account
id = "skincare tips"
fans = 1_200
topics = { beauty = 1.0 }            # left out: the mix of the audience
quality = 1.0                        # multiplies the category's median rates

[[accounts]]
id = "kitchen"
fans = 800
topics = { food = 1.0 }

[links]
layout = "star"                      # none, single, star, ring, chain, tree, mesh, custom
channels = ["follow", "like", "mention"]

[seeding]                            # creators paid for one post each
ratio = [0, 0, 0, 1, 4, 10]          # star, famous, head, waist, junior, amateur
budget_cny = 20_000                  # wins over scale; left out, the ratio is taken as it is

[run]
hours = 168                          # a week
start = "Monday 00:00"               # Beijing time
seed = 1                             # which luck
"""
