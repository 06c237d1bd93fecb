"""The built-in provider, shown as "Sketch (not AI)": pictures computed from the words and the seed, without key, network or model.

`catalogue` names the looks as data and `provider` runs them in the child pool; neither imports numpy. `drawing` is what the child
calls. A look is one module under `looks/`: a generator that paints one layer after another, so its steps are real.
"""
