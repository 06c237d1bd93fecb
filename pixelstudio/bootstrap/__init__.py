"""The composition root: what names concrete adapters and job kinds, opens and closes what they run on, and puts the surfaces together.

Owns no tables and publishes nothing. A build of the pages loads `app` and opens nothing: whatever takes memory or a key is named in `opening`
and `outside`, which a process loads when it is about to open a studio. Commands and workers open one without loading a page.
"""
