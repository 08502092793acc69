"""The browser app: pages in streamlit, computations in processes of their own.

`serve.py` starts the server, `frame.py` draws what surrounds every page, `pages/` holds a folder for each,
`ui/` what several share. A page reads finished answers and asks for missing ones (`jobs/`); it never
simulates, so its process loads neither mesa nor numba.
"""
