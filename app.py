"""Entry of the browser app, for `matrixsim app` and `streamlit run app.py`; the app itself is sim/app."""

from sim.app.frame import show

show()
