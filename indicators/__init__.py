"""Evidence in, tables out: measures, estimation, exports, report."""
