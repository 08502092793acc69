"""What every platform model promises."""
