"""A small invented web on the loopback interface: what `dsi demo` crawls."""
