"""The queue's SQL, one text for both databases; `Dialect` names the few words in which they differ.

Postgres tells the time itself, so that workers on several machines agree; SQLite is handed this process's clock as `:now`.
Moves are spelled by `job.move`, which refuses at import what the table of legal moves does not allow.
"""

# ruff: noqa: S608  # every text is built here, from constants of this package

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pixelstudio.jobs.gate import Gate
from pixelstudio.jobs.job import FINAL, JOB_COLUMNS, JobState, Mark, move, state_in

_S = JobState

# A partial index is used by SQLite only when its very condition stands in the query.
HELD: Final = state_in(_S.RUNNING, _S.PARKED)
RUNNING: Final = f"{HELD} AND state={_S.RUNNING:d}"
READY: Final = state_in(_S.READY)
SCHEDULED: Final = state_in(_S.SCHEDULED)
PARKED: Final = state_in(_S.PARKED)
UNKNOWN: Final = state_in(_S.UNKNOWN)

RESCUE_BATCH: Final = 500
POSITION_EXACT_MAX: Final = 1_000


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words in which the two databases differ."""

    name: str
    now: str
    for_update: str
    skip_locked: str
    ids: str
    words: str
    """`ids` that are text."""
    among: str
    """Is one of these few. A join with them, of which Postgres expects a hundred, may read the whole table."""
    acknowledged: str
    """Is among `:ids` and in this state, looked for by the ids."""
    new_rows: str
    flow_rows: str
    column: str
    greatest: str
    along_index: str
    """Said before rows are taken in the order of an index; empty where nothing else is done."""


_POSTGRES: Final = Dialect(
    name="postgresql",
    now="CAST(extract(epoch FROM clock_timestamp()) AS double precision)",
    for_update=" FOR UPDATE",
    skip_locked=" FOR UPDATE SKIP LOCKED",
    ids="(SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(CAST(:ids AS text) AS jsonb)))",
    words="(SELECT value FROM jsonb_array_elements_text(CAST(CAST(:ids AS text) AS jsonb)))",
    among="=ANY(ARRAY{})",
    # `state+0`: the planner would rather read the index of those that are held, which is full of those that were.
    # And a list of numbers in JSON is an array of Postgres but for its brackets.
    acknowledged="id=ANY(CAST(translate(CAST(:ids AS text),'[]','{{}}') AS bigint[])) AND state+0={}",
    new_rows="jsonb_to_recordset(CAST(CAST(:rows AS text) AS jsonb)) AS r(id bigint, kind text, lane text, user_id text, batch_id text,"
    " prio smallint, state smallint, delay_s double precision, max_attempts int, timeout_s double precision, behind double precision, cost double precision,"
    " worker text, started double precision, fence int, attempt int, lease_s double precision, params text)",
    flow_rows="jsonb_to_recordset(CAST(CAST(:flows AS text) AS jsonb)) AS r(lane text, prio smallint, user_id text, span double precision,"
    " weight double precision)",
    column="r.{0}",
    greatest="GREATEST",
    # Where a table has grown since it was analyzed, or the limit is not known yet, the planner may read and sort all that wait for a handful.
    along_index="SET LOCAL enable_sort=off",
)
_SQLITE: Final = Dialect(
    name="sqlite",
    now=":now",
    for_update="",
    skip_locked="",
    ids="(SELECT value FROM json_each(:ids))",
    words="(SELECT value FROM json_each(:ids))",
    among=" IN {}",
    acknowledged="id IN (SELECT value FROM json_each(:ids)) AND state={}",
    new_rows="json_each(:rows) AS j",
    flow_rows="json_each(:flows) AS j",
    column="json_extract(j.value,'$.{0}')",
    greatest="max",
    along_index="",
)
DIALECTS: Final = {"sqlite": _SQLITE, "postgresql": _POSTGRES}


@dataclass(frozen=True, slots=True)
class Statements:
    """Every statement of the queue. Parameters are named; those of `now` are there on both databases."""

    dialect: str
    declare_lane: str
    declare_class: str
    lock_lane: str
    try_lane: str
    crowd: str
    along_index: str
    claim: str
    claim_from: str
    advance: str
    move_class: str
    move_gate: str
    moment: str
    acknowledge: str
    beat: str
    lock_held: str
    end_held: str
    retry: str
    give_back: str
    mark_sent: str
    record_attempt: str
    lanes_ready: str
    next_due: str
    unwanted: str
    wake: str
    rescue: str
    abandoned: str
    end_abandoned: str
    end_parked: str
    end_unknown: str
    unknown_since: str
    postpone_abandoned: str
    put_in: tuple[str, ...]
    """New jobs, told their ids, and what they are asked."""
    cancel_waiting: str
    set_aside: str
    take_up: str
    ask_cancel: str
    status: str
    status_of_batches: str
    open_jobs: str
    finished_before: str
    take_turn: str
    write_progress: str
    forget_progress: str
    progress_running: str
    progress_steps: str


# Without the order Postgres reads the whole table for the few who stand ahead, hoping to meet them soon.
_STATUS = f"""SELECT q_job.id, q_job.batch_id, q_job.kind, q_job.lane, q_job.state, q_job.attempt, q_job.max_attempts,
 CASE WHEN q_job.{SCHEDULED} THEN q_job.run_at-{{now}} END, q_job.created,
 q_job.started, q_job.cancel_req,
 CASE WHEN q_job.{READY} THEN 1+(SELECT count(*) FROM (SELECT 1 FROM q_job o WHERE o.lane=q_job.lane AND o.{READY}
   AND (o.prio,o.vft,o.id)<(q_job.prio,q_job.vft,q_job.id) ORDER BY o.prio,o.vft,o.id LIMIT {POSITION_EXACT_MAX}) AS ahead) END,
 a.error_code, a.error_sentence, q_job.phase, q_job.finished
FROM q_job LEFT JOIN q_attempt a ON a.job_id=q_job.id AND a.attempt=(SELECT max(b.attempt) FROM q_attempt b WHERE b.job_id=q_job.id)"""

_NEW_COLUMNS: Final = (
    "id",
    "kind",
    "lane",
    "user_id",
    "batch_id",
    "prio",
    "state",
    "max_attempts",
    "timeout_s",
    "cost",
    "worker",
    "started",
    "fence",
    "attempt",
)


def vtime_of(row: str) -> str:
    """The SQL of the virtual time of the class that `row` is in."""
    return f"COALESCE((SELECT c.vtime FROM q_class c WHERE c.lane={row}.lane AND c.prio={row}.prio),0)"


def _declared(row: str) -> str:
    return f"COALESCE({row}.declared_rate,0)"


FLOW: Final = "lane,prio,user_id"
_TAKEN: Final = f"{JOB_COLUMNS},q_job.prio,q_job.vft"


def _statements(d: Dialect) -> Statements:  # one long literal, read as a list
    now, ids = d.now, d.ids

    def set_where(to: JobState, *origins: JobState) -> tuple[str, str]:
        return move(to, *origins)

    to_running, from_ready = set_where(_S.RUNNING, _S.READY)
    to_done, from_running = set_where(_S.DONE, _S.RUNNING)
    to_ready, _ = set_where(_S.READY, _S.RUNNING)
    to_scheduled, _ = set_where(_S.SCHEDULED, _S.RUNNING)
    due_to_ready, from_scheduled = set_where(_S.READY, _S.SCHEDULED)
    to_cancelled, from_waiting = set_where(_S.CANCELLED, _S.BLOCKED, _S.SCHEDULED, _S.READY, _S.PAUSED)
    still_open = state_in(_S.SCHEDULED, _S.READY, _S.RUNNING, _S.PARKED)  # what was sent waits with its mark
    to_paused, from_line = set_where(_S.PAUSED, _S.READY, _S.SCHEDULED)
    for place in (_S.READY, _S.SCHEDULED):
        move(place, _S.PAUSED)  # `take_up` sets whichever it is by the time
    for end in FINAL:
        move(end, _S.RUNNING)  # `end_held` takes the state as a parameter
        move(end, _S.PARKED)  # and so does `end_parked`
        move(end, _S.UNKNOWN)  # and `end_unknown` too
    move(_S.UNKNOWN, _S.RUNNING)
    mine = f"id=:id AND fence=:fence AND {from_running}"
    late = f"{RUNNING} AND lease_until<{now}"
    # What becomes ready again stands at the head of its class: the claim begins its search at the virtual time.
    to_ready, due_to_ready = (f"{set_},vft={d.greatest}(vft,{vtime_of('q_job')})" for set_ in (to_ready, due_to_ready))
    take = (
        f"UPDATE q_job SET {to_running},lease_until=(SELECT {now})+:lease_s,worker=:worker,fence=fence+1,attempt=attempt+1,"
        f"started=CASE WHEN phase={Mark.UNSENT:d} THEN :at ELSE started END WHERE "
    )
    first = "ORDER BY prio,vft,id LIMIT :wanted"
    # When the clock was set back, what is held may have been claimed before. Asked for once, not for every row.
    held_since = f"(SELECT CASE WHEN {now}<held_since THEN 0 ELSE held_since END FROM q_lane WHERE id=:lane)"
    again = f"(phase={Mark.TRACEABLE:d} OR (phase={Mark.UNSENT:d} AND NOT cancel_req))"
    return Statements(
        dialect=d.name,
        declare_lane="INSERT INTO q_lane(id,max_inflight,declared_rate,rate,burst,breaker_after)"
        " VALUES(:lane,:max_inflight,:rate,:rate,:burst,:breaker_after) ON CONFLICT(id) DO UPDATE SET max_inflight=excluded.max_inflight,"
        "declared_rate=excluded.declared_rate,burst=excluded.burst,breaker_after=excluded.breaker_after,"
        f"rate=CASE WHEN {_declared('q_lane')}={_declared('excluded')} THEN q_lane.rate ELSE excluded.rate END"
        f" WHERE q_lane.max_inflight<>excluded.max_inflight OR {_declared('q_lane')}<>{_declared('excluded')}"
        " OR q_lane.burst<>excluded.burst OR q_lane.breaker_after<>excluded.breaker_after",
        declare_class="INSERT INTO q_class(lane,prio,vtime) VALUES(:lane,:prio,0) ON CONFLICT(lane,prio) DO NOTHING",
        lock_lane=f"SELECT {','.join(Gate.columns())} FROM q_lane WHERE id=:lane{d.for_update}",
        try_lane=f"SELECT {','.join(Gate.columns())} FROM q_lane WHERE id=:lane{d.skip_locked}",
        # The classes in which somebody is ready, beside how many jobs are held: one answer, read under the lane's lock.
        crowd=f"SELECT h.held,h.since,EXISTS (SELECT 1 FROM q_job WHERE id=(SELECT probe FROM q_lane WHERE id=:lane) AND {HELD}),{now},c.prio,c.vtime"
        f" FROM (SELECT count(*) AS held,min(started) AS since FROM q_job WHERE lane=:lane AND {HELD} AND started>={held_since}) h"
        # LIMIT, so that it is a look into the index for each class; a join may read whoever waits.
        f" LEFT JOIN q_class c ON c.lane=:lane AND (SELECT j.id FROM q_job j WHERE j.lane=c.lane AND j.{READY} AND j.prio=c.prio"
        " AND j.vft>=c.vtime ORDER BY j.vft LIMIT 1) IS NOT NULL ORDER BY c.prio",
        along_index=d.along_index,
        claim=take + chosen(d, f"SELECT id FROM q_job WHERE lane=:lane AND {from_ready} {first}") + f" RETURNING {_TAKEN}",
        claim_from=take
        + chosen(d, f"SELECT id FROM q_job WHERE lane=:lane AND {from_ready} AND prio=:prio AND vft>=:vtime {first}")
        + f" RETURNING {_TAKEN}",
        advance=_advance(d),
        move_class="INSERT INTO q_class(lane,prio,vtime) VALUES(:lane,:prio,:vtime)"
        f" ON CONFLICT(lane,prio) DO UPDATE SET vtime={d.greatest}(q_class.vtime,excluded.vtime)",
        move_gate=f"UPDATE q_lane SET {','.join(f'{name}=:{name}' for name in Gate.columns())} WHERE id=:lane",
        moment=f"SELECT {now},(SELECT started FROM q_job WHERE id=:id)",
        # All under one fence: a join with a list of pairs takes nearly as long as writing the rows.
        acknowledge=f"UPDATE q_job SET {to_done},finished=(SELECT {now}),lease_until=NULL"
        f" WHERE {d.acknowledged.format(int(_S.RUNNING))} AND fence=:fence RETURNING id,is_parent",
        beat=f"UPDATE q_job SET lease_until={now}+:lease_s WHERE "
        + _in_id_order(d, f"worker=:worker AND {from_running}")
        + " RETURNING id,fence,(cancel_req AND phase=0)",
        lock_held=f"SELECT cancel_req,phase FROM q_job WHERE {mine}{d.for_update}",
        end_held=f"UPDATE q_job SET state=:state,finished={now},lease_until=NULL WHERE {mine} RETURNING id,is_parent,phase",
        retry=f"UPDATE q_job SET {to_scheduled},phase=phase*:kept,max_attempts=max_attempts+:spared,run_at={now}+:delay_s,lease_until=NULL"
        f" WHERE {mine}",
        give_back=f"UPDATE q_job SET {to_ready},attempt=attempt-1,lease_until=NULL WHERE {mine}",
        mark_sent=f"UPDATE q_job SET phase=:mark WHERE {mine} AND (NOT cancel_req OR phase={Mark.TRACEABLE:d}) AND lease_until>{now}+:margin_s"
        " RETURNING id",
        record_attempt="INSERT INTO q_attempt(job_id,attempt,worker,started,ended,outcome,error_code,error_sentence)"
        f" SELECT id,attempt,worker,COALESCE(started,{now}),{now},:outcome,:code,:sentence FROM q_job WHERE id IN {ids}"
        " ON CONFLICT(job_id,attempt) DO NOTHING",
        # The first in each line: EXISTS may be answered by reading whoever waits, in all of them.
        lanes_ready=f"SELECT l.id FROM q_lane l WHERE (SELECT j.id FROM q_job j WHERE j.lane=l.id AND j.{READY}"
        " ORDER BY j.prio,j.vft LIMIT 1) IS NOT NULL",
        next_due=f"SELECT (SELECT min(lease_until)-{now} FROM q_job WHERE {RUNNING}),(SELECT min(run_at)-{now} FROM q_job WHERE {SCHEDULED}),"
        f"(SELECT min(run_at)-{now} FROM q_job WHERE {PARKED})",
        unwanted=f"SELECT id FROM q_job WHERE {RUNNING} AND cancel_req AND phase=0",
        wake=f"UPDATE q_job SET {due_to_ready} WHERE "
        + chosen(d, f"SELECT id FROM q_job WHERE {from_scheduled} AND run_at<={now} ORDER BY run_at LIMIT {RESCUE_BATCH}"),
        rescue=f"UPDATE q_job SET {to_ready},lease_until=NULL WHERE "
        + chosen(d, f"SELECT id FROM q_job WHERE {late} AND attempt<max_attempts AND {again} LIMIT {RESCUE_BATCH}")
        + " RETURNING id",
        abandoned=f"SELECT {JOB_COLUMNS},cancel_req,phase FROM q_job"
        f" WHERE {late} AND (attempt>=max_attempts OR NOT {again}) LIMIT {RESCUE_BATCH}",
        end_abandoned=f"UPDATE q_job SET state=:state,finished={now},lease_until=NULL WHERE id=:id AND fence=:fence AND {late} RETURNING id,is_parent,phase",
        end_parked=f"UPDATE q_job SET state=:state,finished={now} WHERE id=:id AND fence=:fence AND {state_in(_S.PARKED, _S.UNKNOWN)}"
        " RETURNING id,is_parent,phase",
        end_unknown=f"UPDATE q_job SET state=:state,finished={now} WHERE id=:id AND fence=:fence AND {UNKNOWN} RETURNING id,is_parent,phase",
        unknown_since=f"SELECT {JOB_COLUMNS},q_job.finished FROM q_job WHERE {UNKNOWN} AND finished<={now}-:age_s ORDER BY finished LIMIT :batch",
        postpone_abandoned=f"UPDATE q_job SET lease_until={now}+:lease_s WHERE id=:id AND fence=:fence AND {late}",
        put_in=_put_in(d),
        cancel_waiting=f"UPDATE q_job SET {to_cancelled},finished={now} WHERE id IN {ids} AND {from_waiting} AND phase=0"
        f" RETURNING {_TAKEN},q_job.cost,q_job.is_parent",
        set_aside=f"UPDATE q_job SET {to_paused} WHERE id IN {ids} AND {from_line} AND phase=0 RETURNING id,lane,batch_id,user_id",
        take_up=f"UPDATE q_job SET state=CASE WHEN run_at<={now} THEN {_S.READY:d} ELSE {_S.SCHEDULED:d} END,vft=:vft"
        f" WHERE id=:id AND {state_in(_S.PAUSED)} RETURNING id,lane,batch_id,user_id",
        ask_cancel=f"UPDATE q_job SET cancel_req=TRUE WHERE id IN {ids} AND {still_open} AND NOT cancel_req RETURNING {JOB_COLUMNS}",
        status=f"{_STATUS.format(now=now)} WHERE q_job.id{d.among.format(ids)} ORDER BY q_job.id",
        status_of_batches=f"{_STATUS.format(now=now)} WHERE q_job.batch_id{d.among.format(d.words)} ORDER BY q_job.id",
        open_jobs=f"SELECT EXISTS (SELECT 1 FROM q_job WHERE {READY}), EXISTS (SELECT 1 FROM q_job WHERE {HELD})",
        finished_before=f"SELECT id FROM q_job WHERE {state_in(*FINAL)} AND finished<{now}-:age_s ORDER BY id LIMIT :batch",
        take_turn=f"INSERT INTO q_turn(name,due) VALUES(:name,{now}+:period_s)"
        f" ON CONFLICT(name) DO UPDATE SET due=excluded.due WHERE q_turn.due<={now} RETURNING name",
        write_progress="INSERT INTO q_progress(job_id,step,steps,preview,updated) VALUES(:id,:step,:steps,:preview,:now) ON CONFLICT(job_id)"
        " DO UPDATE SET step=excluded.step,steps=excluded.steps,preview=excluded.preview,updated=excluded.updated",
        forget_progress=f"DELETE FROM q_progress WHERE job_id=:id AND NOT EXISTS (SELECT 1 FROM q_job WHERE id=:id AND {RUNNING})",
        progress_running=f"SELECT p.job_id,p.updated,q_job.batch_id,q_job.user_id FROM q_progress p JOIN q_job ON q_job.id=p.job_id AND {RUNNING}",
        progress_steps=f"SELECT job_id,step,steps,preview FROM q_progress WHERE job_id IN {ids}",
    )


def _advance(d: Dialect) -> str:
    """Move people on in their classes by all that they put in; fairness in `fairness`, locks in the order of keys."""
    lane, prio, user_id, span, weight = map(d.column.format, ("lane", "prio", "user_id", "span", "weight"))
    vtime = f"COALESCE((SELECT c.vtime FROM q_class c WHERE c.lane={lane} AND c.prio={prio}),0)"
    # `excluded` is where somebody new would come to stand; who stands further on already moves on from there.
    return (
        f"INSERT INTO q_flow({FLOW},last_vft,weight) SELECT {lane},{prio},{user_id},{vtime}+{span},{weight} FROM {d.flow_rows}"
        f" WHERE TRUE ORDER BY 1,2,3 ON CONFLICT({FLOW}) DO UPDATE SET weight=excluded.weight,"
        f"last_vft={d.greatest}(q_flow.last_vft-{vtime_of('excluded')},0)+excluded.last_vft RETURNING {FLOW},last_vft"
    )


def _put_in(d: Dialect) -> tuple[str, ...]:
    """Move the owners of new jobs on, and write the jobs and what they are asked; on Postgres all at once."""
    put_in = f"COALESCE({d.column.format('started')},{d.now})"
    own = (
        " AND ".join(f"f.{name}={d.column.format(name)}" for name in ("lane", "prio"))
        + f" AND f.user_id=COALESCE({d.column.format('user_id')},'')"
    )

    def jobs(flows: str, rows: str) -> str:
        values = ",".join(d.column.format(name) for name in _NEW_COLUMNS)
        values += f",COALESCE((SELECT f.last_vft FROM {flows} f WHERE {own})-{d.column.format('behind')},0)"
        values += f",0,{put_in}+{d.column.format('delay_s')},{d.now}+{d.column.format('lease_s')},FALSE,{put_in}"
        into = f"INSERT INTO q_job({','.join(_NEW_COLUMNS)},vft,phase,run_at,lease_until,cancel_req,created)"
        return f"{into} SELECT {values} FROM {rows}"

    def payloads(rows: str) -> str:
        return f"INSERT INTO q_payload(job_id,params) SELECT {d.column.format('id')},{d.column.format('params')} FROM {rows}"

    if d is _SQLITE:
        return _advance(d), jobs("q_flow", d.new_rows), payloads(d.new_rows)
    return (f"WITH flows AS ({_advance(d)}),r AS (SELECT r.* FROM {d.new_rows}),jobs AS ({jobs('flows', 'r')}) {payloads('r')}",)


def chosen(d: Dialect, select: str) -> str:
    """The condition that holds for the rows of `select`, locked, those locked by others left out."""
    # ANY(ARRAY(...)) is evaluated once; a plain IN could run the locking subquery again inside a join.
    return f"id=ANY(ARRAY({select}{d.skip_locked}))" if d.skip_locked else f"id IN ({select})"


def _in_id_order(d: Dialect, condition: str) -> str:
    # Whoever locks several jobs does so in the order of their ids: two of them cannot wait for each other.
    return (
        f"id=ANY(ARRAY(SELECT id FROM q_job WHERE id IN {d.ids} AND {condition} ORDER BY id{d.for_update}))"
        if d.for_update
        else f"id IN {d.ids} AND {condition}"
    )


STATEMENTS: Final[dict[str, Statements]] = {name: _statements(dialect) for name, dialect in DIALECTS.items()}
