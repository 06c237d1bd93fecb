"""Pictures as bytes and pixels: decoding in confined children, renditions, placeholders, recipes.

Owns no tables and publishes nothing. Pure: no database, no network, no clock, no settings. Foreign bytes are decoded only in the
children of `children.ChildPool`; the serving process hands bytes on and never imports Pillow, numpy or cv2.
"""
