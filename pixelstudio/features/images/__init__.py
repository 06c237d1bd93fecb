"""Pictures: who may see which, their bytes by variant, visibility and deletion.

Tables: image, rendition, upload. Events: image.deleted, image.visibility_changed, image.rated.
Called by generation, which hangs finished pictures here, and by the surfaces. Every query goes through `visible_to`.
"""
