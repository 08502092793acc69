"""The command line, one module for a family of commands.

Heavy imports stay inside the functions, so that `matrixsim --help` is quick.
"""
