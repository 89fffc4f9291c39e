"""Ordered steps within a window: what a chain is, where it may begin, and what is left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from onefunnel.measures.steps.conditions import step_of
from onefunnel.vocabulary import Question
from tests.spec.case import NOW, Case
from tests.spec.tables import instant, records

STORIES = {
    "1@5 2@5": 2,
    "4@5 3@5 2@5 1@5": 4,
    "1234@5": 4,
    "12@5 3@6": 3,
    "1@0 23@1": 3,
    "1@0 23@1 23@2": 3,
    "1@0 1@8 2@12": 2,
    "1@0 2@5 1@9 3@11": 2,
    "1@0 2@1 1@2 3@3 4@4": 4,
    "1@0 2@5 1@9 2@10 3@12 4@13": 4,
    "1@0 1@3 2@5 3@9": 3,
    "1@0 1@5 2@5": 2,
    "1@0 2@10": 2,
    "1@0 2@11": 1,
    "1@0 2@6 3@12": 2,
    "1@0 3@1 2@2 4@3": 2,
    "1@0 3@1 2@2 3@3 4@4": 4,
    "2@0 3@1": 0,
    "1@0 2@9 1@10 2@11 3@12 4@21": 3,
}
"""What somebody did, as steps @ days in the order of the file, and how many steps that is.

The window is ten days; ``12@5`` is one touch that is both step 1 and step 2. Every answer is that
of ClickHouse's ``windowFunnel`` in its default mode.
"""

FOUR = tuple(
    step_of({"content": sorted(c for c in ("1", "2", "3", "4", "12", "23", "1234") if k in c)})
    for k in "1234"
)


def story(text: str, person: str) -> list[dict[str, Any]]:
    """The touches of a story; the person's name is their channel too."""
    acts = [act.split("@") for act in text.split()]
    return [
        {
            "touch_id": f"{person}-{number}",
            "party_id": person,
            "occurred_at": instant("2024-03-01") + timedelta(days=int(day)),
            "channel": person,
            "content": content,
        }
        for number, (content, day) in enumerate(acts)
    ]


def _stories() -> Case:
    named = {f"p{number:02}": text for number, text in enumerate(STORIES)}
    touches = [row for person, text in named.items() for row in story(text, person)]
    entity = [{"party_id": person, "entity_code": code} for code, person in enumerate(named)]
    lines = ["channel | step | reached"]
    for person, text in named.items():
        level = STORIES[text]
        lines += [f"{person} | {k} | {int(k <= level)}" for k in range(1, 5) if level]
    return Case(
        "steps in order within ten days, as ClickHouse counts them",
        {"touch": touches, "entity": entity},
        "steps",
        "\n".join(lines),
        Question(now=NOW, by=("channel",), steps=FOUR, within_days=10),
    )


VISIT, CALL = step_of("kind=visit"), step_of("kind=call")

STEPS = [
    _stories(),
    Case(
        "the window is inclusive to the microsecond, and may still be open",
        records(
            touch="""
touch_id | party_id | occurred_at                | kind
t1       | ann      | 2024-03-01T08:00:00.000001 | visit
t2       | ann      | 2024-03-31T08:00:00.000001 | call
t3       | bob      | 2024-03-01T08:00:00.000001 | visit
t4       | bob      | 2024-03-31T08:00:00.000002 | call
t5       | eve      | 2024-06-01T00:00:00        | visit
t6       | dan      | 2024-05-31T23:59:59.999999 | visit
t7       | ion      | 2024-06-20                 | call
""",
        ),
        "steps",
        """
step | condition  | reached | conversion | of_first | open | within_days
1    | kind=visit | 4       | -          | -        | 1    | 30
2    | kind=call  | 1       | 0.25       | 0.25     | 0    | 30
""",
        Question(now=NOW, steps=(VISIT, CALL)),
        everywhere=True,
    ),
    Case(
        "a chain begins within the period and may end after it",
        records(
            touch="""
touch_id | party_id | occurred_at | kind
t1       | ann      | 2024-03-30  | visit
t2       | ann      | 2024-04-02  | call
t3       | bob      | 2024-02-28  | visit
t4       | bob      | 2024-03-02  | call
t5       | eve      | 2024-04-01  | visit
t6       | eve      | 2024-04-02  | call
t7       | dan      | 2024-02-28  | visit
t8       | dan      | 2024-03-01  | visit
t9       | dan      | 2024-03-01  | call
""",
        ),
        "steps",
        """
step | reached
1    | 2
2    | 2
""",
        Question(
            now=NOW, start=instant("2024-03-01"), end=instant("2024-04-01"), steps=(VISIT, CALL)
        ),
    ),
    Case(
        "touches of one entity under two names are one chain; unknown is a value to ask for",
        records(
            touch="""
touch_id | party_id | occurred_at | kind  | channel
t1       | ann      | 2024-03-01  | visit | search
t2       | ann-web  | 2024-03-02  | call  | -
t3       | bob      | 2024-03-01  | visit | unknown
t4       | bob      | 2024-03-02  | -     | -
t5       | eve      | 2024-03-01  | -     | search
t6       | -        | 2024-03-01  | visit | search
t7       | bob      | -           | call  | -
t8       | ion      | 2024-03-01  | visit | -
t9       | ion      | 2024-03-02  | call  | search
""",
            entity="party_id | entity_code\nann | 3\nann-web | 3\nbob | 1\neve | 2\nion | 0",
        ),
        "steps",
        """
channel | step | reached | conversion | of_first
search  | 1    | 1       | -          | -
search  | 2    | 1       | 1          | 1
unknown | 1    | 1       | -          | -
unknown | 2    | 1       | 1          | 1
""",
        Question(
            now=NOW,
            by=("channel",),
            steps=(step_of('kind=visit, channel=search|"unknown"'), step_of("channel=unknown")),
        ),
        ("steps_without_entity", "steps_without_instant"),
    ),
    Case(
        "who did no step is in no row, and without dimensions every step has one",
        records(touch="touch_id | party_id | occurred_at | kind\nt1 | ann | 2024-03-01 | call"),
        "steps",
        """
step | reached | conversion | of_first | open
1    | 0       | -          | -        | 0
2    | 0       | -          | -        | 0
""",
        Question(now=NOW, steps=(VISIT, CALL)),
    ),
    Case(
        "the longest window, in which a leap day is a day as any other",
        records(
            touch="""
touch_id | party_id | occurred_at | kind
t1       | ann      | 1924-03-01  | visit
t2       | ann      | 2024-02-05  | call
t3       | bob      | 1924-03-01  | visit
t4       | bob      | 2024-02-06  | call
""",
        ),
        "steps",
        """
step | reached | within_days
1    | 2       | 36500
2    | 1       | 36500
""",
        Question(now=NOW, steps=(VISIT, CALL), within_days=36_500),
    ),
    Case(
        "who came within the window of now may still go on, but not after the last step",
        records(
            touch="""
touch_id | party_id | occurred_at | kind
t1       | ann      | 2024-06-10  | visit
t2       | bob      | 2024-06-10  | visit
t3       | bob      | 2024-06-11  | call
t4       | eve      | 2024-03-01  | visit
t5       | eve      | 2024-03-02  | call
t6       | eve      | 2024-06-11  | visit
t7       | dan      | 2024-03-01  | visit
t8       | dan      | 2024-03-02  | call
t9       | dan      | 2024-06-11  | visit
""",
        ),
        "steps",
        """
step | condition   | reached | open
1    | kind=visit  | 4       | 1
2    | kind=call   | 3       | 3
3    | kind=form   | 0       | 0
""",
        Question(now=NOW, steps=(VISIT, CALL, step_of("kind=form"))),
    ),
]
