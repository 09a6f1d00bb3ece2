"""The story of the demo, from the first pilot three years ago to what a coordinator finds on the desk today."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from trainhub.certification import service as certification
from trainhub.demo import cast, neighbourhoods, setting, training, upcoming
from trainhub.demo.neighbourhoods import EXPERT, LEADER, Evening
from trainhub.demo.training import Run, keys
from trainhub.programmes.models import Audience

if TYPE_CHECKING:
    from collections.abc import Sequence

    from trainhub.demo.stage import Stage

DAYS_LEFT = 30
VALID_YEARS = 3
PILOT_LEADER_GRANTED = -700
FINISHED = -430
GRANTED = -300


def tell(stage: Stage) -> None:
    """Tell it all through the verbs of the house; raises what they raise."""
    setting.build(stage)
    cast.gather(stage)
    _pilots(stage)
    cast.agree(stage, GRANTED - 100)
    _finished_editions(stage)
    _led_meetings(stage)
    _running_edition(stage)
    _open_edition(stage)
    upcoming.tell(stage)


def _pilots(stage: Stage) -> None:
    """The first two certificates; one of them ends in thirty days."""
    granted = (_years_before(stage.day(DAYS_LEFT + 1)) - stage.today).days
    pilot = Run(
        "PILOT-ED",
        "Pilot Nijmegen, begeleiders",
        "ED 1",
        "GM0268",
        keys("pilot"),
        granted - 75,
        "trainer3",
        "assessor3",
    )
    leader = Run(
        "PILOT-GL",
        "Pilot Nijmegen, gespreksleiders",
        "GL 1",
        "GM0268",
        ["g01"],
        PILOT_LEADER_GRANTED - 75,
        "trainer3",
        "assessor3",
    )
    for run, day in ((pilot, granted), (leader, PILOT_LEADER_GRANTED)):
        training.plan(stage, run)
        training.teach(stage, run)
        training.assess(stage, run, day - 5)
        training.finish(stage, run, day - 4)
        _grant(stage, run, run.people, day)


def _finished_editions(stage: Stage) -> None:
    """One edition per track with its practice meetings; everybody but one of them got the certificate since."""
    experts = Run(
        "ED-1",
        "Eerste editie Nijmegen, begeleiders",
        "ED 2",
        "GM0268",
        keys("experts"),
        FINISHED,
        "trainer",
        "assessor",
    )
    leaders = Run(
        "GL-1", "Eerste editie Nijmegen, gespreksleiders", "GL 2", "GM0268",
        [key for key in keys("leaders") if key != "g01"] + keys("almost"), FINISHED + 2, "trainer2", "assessor2",
    )  # fmt: skip
    for run in (experts, leaders):
        training.plan(stage, run)
        training.teach(stage, run, missed={run.people[1]: [1]} if run is experts else None)
        training.assess(stage, run, FINISHED + 60)
    people = [(key, EXPERT) for key in experts.people] + [(key, LEADER) for key in leaders.people]
    for evening in neighbourhoods.practice_evenings(FINISHED + 70, {EXPERT: "e11", LEADER: "g01"}, people):
        neighbourhoods.hold(stage, evening)
    for run in (experts, leaders):
        training.finish(stage, run, GRANTED - 2)
        _grant(stage, run, [key for key in run.people if key not in keys("almost")], GRANTED)


def _grant(stage: Stage, run: Run, people: Sequence[str], offset: int) -> None:
    with stage.scene("coordinator2", offset) as work:
        for key in people:
            decision = certification.grant(work, enrolment_id=stage[f"{run.code} {key}"])
            stage.ids[f"certificate {key}"] = decision.certificate_id or 0


def _led_meetings(stage: Stage) -> None:
    """Meetings for professionals and volunteers that the new people led, the last one two weeks ago."""
    experts = ["facilitator", "e02", "e03", "e05", "e06", "e04"]
    leaders = ["g05", "g02", "g03", "g04", "g01"]
    for number, where in enumerate(neighbourhoods.places()[:6]):
        audience = Audience.professionals if number % 2 == 0 else Audience.volunteers
        led_by = {EXPERT: experts[number % len(experts)], LEADER: leaders[number % len(leaders)]}
        neighbourhoods.hold(stage, Evening(where, audience, -200 + number * 37, led_by))


def _running_edition(stage: Stage) -> None:
    """It began five weeks ago, has a lesson today, and somebody missed the last two."""
    run = Run("ED-2", "Najaarseditie Nijmegen", "ED 2", "GM0268", keys("trainees"), -35, "trainer", "assessor")
    training.plan(stage, run)
    training.teach(stage, run, missed={"t06": [3, 4], "t02": [2]})
    training.assess(stage, run, -4, how_many={"trainee": 3, "t02": 2, "t04": 1})


def _open_edition(stage: Stage) -> None:
    """It starts in spring, has two places; two people wait."""
    people = keys("applicants")
    run = Run("GL-2", "Voorjaarseditie Nijmegen", "GL 2", "GM0268", people, 75, "trainer2", "assessor2", capacity=2)
    training.plan(stage, run)


def _years_before(day: date) -> date:
    """The same day three years earlier; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year - VALID_YEARS)
    except ValueError:
        return day.replace(year=day.year - VALID_YEARS, day=28)
