"""The gallery: what people show, and what others make of it: likes, comments, follows, collections, the walls it all hangs on.

Tables: post, post_tag, post_like, comment, comment_like, follow, block, leaning, saved_search, creator, collection, collection_picture,
collaborator, collection_link, presence, proof.
Events: post.published, post.counted, comment.changed, person.counted, collection.changed, presence.changed, proof.given.
Called by the surfaces, by moderation and by belongings; builds on images, which says who may see what, on accounts, wording and notifications.
"""
