"""MongoDB: connection, embedded server, schemas, signals, evidence, runs, leases."""
