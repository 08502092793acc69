"""Traffic flow 流量流向: who there is, what links carried, and what they are worth."""
