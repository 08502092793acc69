"""Entry of the browser app for `streamlit run app.py`; `matrixsim app` starts it too. The app is in sim/app."""

from sim.app.frame import show

show()
