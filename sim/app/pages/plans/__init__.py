"""Plans 方案库: what is kept, with versions and notes; two to six side by side."""
