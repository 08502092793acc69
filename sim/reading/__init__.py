"""What other programs wrote: exports of platforms, price lists, research tables, read with care."""
