"""The report (E6): one HTML file that sums a run or a comparison up, readable without the app.

A folder of result files is read and checked (folder), told in words, tables and figures
(run, comparison), and set as a page (page). Does not simulate and does not compute statistics.
"""
