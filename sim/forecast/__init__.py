"""What a scenario says of months to come, held against what came: forecasts, sources, luck of accounts."""
