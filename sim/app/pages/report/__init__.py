"""Report 报告: what is exported, and the files behind it."""
