"""Behind the page Scenario: between a scenario and its fields, files and faults."""
