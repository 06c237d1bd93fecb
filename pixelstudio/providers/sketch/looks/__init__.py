"""One module per look. Each has `compose(canvas, subject)`: draw all chances first, then return the strokes to paint, in order.

A stroke is a callable that paints one more layer; after each one the canvas is a legitimate stage of the picture.
"""
