"""The platform: a protocol, the models behind it, and what they measure themselves against."""
