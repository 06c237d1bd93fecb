"""The cache: what was asked for in the very same words by the same person need not be made twice.

An entry names the newest job that stands for a request, under way or done. Whoever asks for the same waits for that job by a dependency and
takes up what it brought; an entry whose job failed, was cancelled or is unknown is as good as none. The account is a part of every key, so
nothing is ever shared between people.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, text

from pixelstudio.core.ids import JobId
from pixelstudio.jobs.job import JobState, state_in
from pixelstudio.jobs.statements import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pixelstudio.core.ids import UserId
    from pixelstudio.db.script import Rows
    from pixelstudio.db.transaction import Reader, Transaction

_GONE: Final = state_in(JobState.FAILED, JobState.CANCELLED, JobState.UNKNOWN)
_FIND: Final = {
    name: text(
        f"SELECT c.params_hash,c.job_id FROM q_cache c JOIN q_job ON q_job.id=c.job_id"  # noqa: S608
        f" WHERE c.params_hash IN :keys AND c.expires>{dialect.now} AND NOT q_job.{_GONE}"
    ).bindparams(bindparam("keys", expanding=True))
    for name, dialect in DIALECTS.items()
}
_REMEMBER: Final = {
    name: text(
        f"INSERT INTO q_cache(params_hash,job_id,expires) VALUES(:key,:job_id,{dialect.now}+:keep_s)"
        " ON CONFLICT(params_hash) DO UPDATE SET job_id=excluded.job_id,expires=excluded.expires"
    )
    for name, dialect in DIALECTS.items()
}


def key_of(account_id: UserId, request: Mapping[str, Any]) -> str:
    """The key of a request of this account: two are the same when every field of `request` is. Nobody can read the words in it."""
    words = json.dumps([account_id, dict(request)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(words.encode(errors="surrogatepass")).hexdigest()


async def jobs_for(reader: Reader, keys: Iterable[str]) -> dict[str, JobId]:
    """The jobs that stand for these requests; a request nobody made lately, or that came to nothing, is left out."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    rows: Rows = [tuple(row) for row in await reader.exec(_FIND[reader.dialect], {"keys": wanted} | _now(reader))]
    return {row[0]: JobId(row[1]) for row in rows}


async def remember(tx: Transaction, jobs: Mapping[str, JobId], keep_s: float) -> None:
    """From now on these jobs stand for these requests, for `keep_s` seconds at most."""
    for key in sorted(jobs):  # in one order, so that two who remember the same do not wait for each other
        await tx.exec(_REMEMBER[tx.dialect], {"key": key, "job_id": jobs[key], "keep_s": keep_s} | _now(tx))


def _now(reader: Reader) -> dict[str, object]:
    return {"now": reader.now.timestamp()} if reader.dialect == "sqlite" else {}
