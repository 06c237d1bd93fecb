"""Every bound of the product, once. Forms, validators, API and docs quote this table."""

from __future__ import annotations

from typing import Final

# what a person may type
PROMPT_MAX: Final = 3_500
NEGATIVE_PROMPT_MAX: Final = 1_000
EMAIL_MAX: Final = 254
PRESET_NAME_MAX: Final = 40
PRESETS_PER_PERSON: Final = 50
SAVED_PROMPTS_PER_PERSON: Final = 500
TAGS_PER_PROMPT: Final = 20
TEMPLATE_WORDS_MAX: Final = 500
BRIEF_DESCRIPTION_MAX: Final = 1_000
CONTEXT_MAX: Final = 1_000
COLOUR_MAX: Final = 60
CHOICES_DEPTH_MAX: Final = 8
API_KEY_NAME_MAX: Final = 40
API_KEYS_PER_PERSON: Final = 20
HANDLE_MIN: Final = 3
HANDLE_MAX: Final = 20
PASSWORD_MIN: Final = 8
PASSWORD_MAX: Final = 256
USER_AGENT_MAX: Final = 200
DISPLAY_NAME_MAX: Final = 60
BIO_MAX: Final = 300
HANDLE_REST_DAYS: Final = 30
AVATAR_MAX_BYTES: Final = 8 * 1024 * 1024
AVATARS_PER_HOUR: Final = 20
EXPORTS_PER_HOUR: Final = 6

# what a person may show and say
TITLE_MAX: Final = 120
DESCRIPTION_MAX: Final = 1_000
ALT_MAX: Final = 300
TAGS_MAX: Final = 20
TAG_MAX: Final = 30
COMMENT_MAX: Final = 500
MENTIONS_MAX: Final = 10
COMMENTS_PER_MINUTE: Final = 20
COLLECTION_TITLE_MAX: Final = 50
COLLECTION_DESCRIPTION_MAX: Final = 200
COLLECTIONS_PER_PERSON: Final = 200
COLLECTION_PICTURES_MAX: Final = 2_000
COLLECTION_DEPTH_MAX: Final = 5
COLLABORATORS_MAX: Final = 30
INVITATIONS_PER_HOUR: Final = 60
COLLECTION_LINKS_MAX: Final = 10
COLLECTION_LINK_DAYS: Final = (1, 7, 30)
PRESENT_MAX: Final = 50
PRESENCE_BEAT_S: Final = 40.0
PROOF_NAME_MAX: Final = 40
PROOF_WORDS_MAX: Final = 300
PROOFS_PER_MINUTE: Final = 60
PROOF_NAMES_MAX: Final = 50
BLOCKED_WORD_MAX: Final = 60
REASON_MAX: Final = 500
REPORTS_PER_DAY: Final = 50
STRIKES_TO_PAUSE: Final = 3
STRIKE_DAYS: Final = 90
PAUSE_DAYS: Final = 7
SEARCH_MAX: Final = 200
SEARCH_NAME_MAX: Final = 60
SEARCHES_PER_PERSON: Final = 50
LEANING_MAX: Final = 10
COUNTED_MAX: Final = 1_000

# what may be laid over a picture, and what a person brings for it
OVERLAY_TEXT_MAX: Final = 120
OVERLAY_LINES_MAX: Final = 4
OVERLAY_SIZE_MIN: Final = 5
OVERLAY_OPACITY_MIN: Final = 5
UPLOAD_KEPT_MAX_BYTES: Final = 4 * 1024 * 1024
UPLOADS_PER_HOUR: Final = 120
UPLOADS_KEPT: Final = 100

# what a generation may ask for
IMAGES_MIN: Final = 1
IMAGES_MAX: Final = 10
SIDE_MIN: Final = 256
SIDE_MAX: Final = 2_048
SEED_MAX: Final = 2**32 - 1
REFERENCE_MAX_BYTES: Final = 180 * 1024  # Replicate takes up to 256 kB written into the request, where bytes grow by a third
GUIDANCE_MIN: Final = 1.0
GUIDANCE_MAX: Final = 20.0
STEPS_MIN: Final = 1
STEPS_MAX: Final = 100
ARENA_MODELS_MIN: Final = 2
ARENA_MODELS_MAX: Final = 4
GRID_CELLS_MAX: Final = 36

# what a foreign picture may be
UPLOAD_MAX_BYTES: Final = 50 * 1024 * 1024
RECIPE_FILE_MAX_BYTES: Final = 12 * 1024 * 1024  # held in memory before anybody knows who sends it; our largest originals have 7
PIXELS_MAX: Final = 64_000_000
SIDE_DECODED_MAX: Final = 16_384
RATIO_MAX: Final = 100

STORIES_PER_IP: Final = 120

# lists
PAGE_SIZE: Final = 40
PAGE_SIZE_MAX: Final = 100

# one file of many pictures
ZIP_PICTURES_MAX: Final = 500
ZIP_BYTES_MAX: Final = 2 * 1024 * 1024 * 1024
ZIPS_AT_ONCE: Final = 4

# the queue
LEASE_S: Final = 10.0
BEAT_S: Final = 3.0
MARK_TO_SEND_MAX_S: Final = 0.5
LANE_CONCURRENCY: Final = 10
ATTEMPTS_MAX: Final = 3
WAITING_JOBS_PER_PERSON: Final = 200
WAITING_JOBS_MAX: Final = 5_000
WAIT_OBJECTIVE_S: Final = 300.0
DONE_JOBS_KEPT: Final = 100
FAILED_JOBS_KEPT: Final = 50
BREAKER_AFTER: Final = 5
DRAIN_S: Final = 30.0
UNHEARD_S: Final = LEASE_S + 20.0
PARKED_MAX_S: Final = 60 * 60.0
SAME_PICTURE_S: Final = 24 * 60 * 60.0
UNKNOWN_HELD_S: Final = 24 * 60 * 60.0

# credits
SIGN_UP_CREDITS: Final = 5
DAILY_CREDITS: Final = 1

# signing in
SESSION_IDLE_DAYS: Final = 14
SESSION_ABSOLUTE_DAYS: Final = 90
SIGN_IN_FAILURES_PER_ACCOUNT_AND_IP: Final = 5
SIGN_IN_FAILURES_WINDOW_S: Final = 15 * 60
SIGN_IN_ATTEMPTS_PER_IP: Final = 20
SIGN_IN_ATTEMPTS_WINDOW_S: Final = 60 * 60
RESET_LINK_S: Final = 60 * 60
RESETS_ASKED_PER_ACCOUNT: Final = 5
RESETS_PER_IP: Final = 20
RESETS_WINDOW_S: Final = 60 * 60

# the API
ACCESS_TOKEN_S: Final = 15 * 60
REFRESH_TOKEN_DAYS: Final = 7
REFRESH_GRACE_S: Final = 10
API_GENERATIONS_PER_MINUTE: Final = 10
PROMPTS_WRITTEN_PER_HOUR: Final = 300
API_IMAGES_MAX: Final = 4
API_WAIT_MAX_S: Final = 60.0
API_EVENTS_MAX_S: Final = 15 * 60.0
PROMPT_LLM_TOKENS_PER_DAY: Final = 200_000

# trying it without an account
GUEST_PICTURES: Final = 3
GUEST_IDLE_HOURS: Final = 24
GUESTS_PER_IP: Final = 10
GUESTS_WINDOW_S: Final = 60 * 60
GUESTS_MAX: Final = 500

# the socket
SOCKET_MESSAGE_MAX_BYTES: Final = 64 * 1024
EVENTS_PER_SECOND: Final = 20
EVENTS_BURST: Final = 40
MESSAGES_PER_SECOND: Final = 40
MESSAGES_BURST: Final = 400
SOCKETS_PER_MEMBER: Final = 20
SOCKETS_MAX: Final = 2_000

# what one address (IPv6: one /64) may ask for; the settings name the two numbers a busy place may want to raise
REQUESTS_PER_SECOND: Final = 100
REQUESTS_BURST_S: Final = 30
CHANGE_COSTS_REQUESTS: Final = 10
SOCKETS_PER_ADDRESS: Final = 100
CONNECTIONS_PER_SOCKET: Final = 4
ADDRESSES_KNOWN_MAX: Final = 10_000

# a request on its way in, and an answer on its way out
HEAD_MAX_BYTES: Final = 32 * 1024
HEAD_DEADLINE_S: Final = 10.0
WEBHOOK_MAX_BYTES: Final = 256 * 1024
BODY_DEADLINE_S: Final = 30.0
BODY_GRACE_S: Final = 5.0
BODY_MIN_BYTES_PER_SECOND: Final = 1_024
ANSWER_GRACE_S: Final = 30.0
ANSWER_MIN_BYTES_PER_SECOND: Final = 1_024
CONNECTIONS_MAX: Final = 8_000

# what holds up everybody
LOOP_LAG_ALARM_S: Final = 0.1
LOOP_LAGS_TOLD_PER_MINUTE: Final = 6
