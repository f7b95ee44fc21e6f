"""One file per protocol; one TOML file per source below `sources/`."""
