"""The browser app: pages in streamlit, computations in processes of their own.

`frame.py` draws what surrounds every page, `pages/` holds one file a page, `serve.py` starts the
server. A page reads finished answers (`answer.py`, `store.py`) and asks for missing ones
(`request.py`, `jobs.py`); it never simulates, so its process loads neither mesa nor numba.
"""
