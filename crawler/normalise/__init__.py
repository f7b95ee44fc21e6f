"""Pure functions that turn what sources write into text, dates, sums, places and sectors."""
