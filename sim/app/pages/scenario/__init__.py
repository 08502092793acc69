"""Scenario 方案: a draft's sections, tables and files."""
