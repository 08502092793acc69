"""KOL and KOC mix: mixes under one budget, what they give, and how they are booked."""
