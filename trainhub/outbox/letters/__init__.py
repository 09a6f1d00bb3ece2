"""Letters: one pure function each, from facts to a `Letter`; a file per subject."""
