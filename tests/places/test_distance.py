"""Distances in Python and in SQL."""

from __future__ import annotations

from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from trainhub.places.distance import box, kilometres, squared_km
from trainhub.places.models import Municipality
from trainhub.places.queries import listed_municipalities

DEN_BOSCH = "GM0796"
latitudes = st.floats(50.7, 53.6)
longitudes = st.floats(3.3, 7.3)


def test_nearest_to_s_hertogenbosch_are_vught_sint_michielsgestel_maasdriel_and_heusden():
    rows = {row.gm_code: row for row in listed_municipalities()}
    here = rows.pop(DEN_BOSCH)

    found = sorted((round(kilometres(here.lat, here.lon, row.lat, row.lon), 1), row.name) for row in rows.values())

    assert found[:4] == [(5.2, "Vught"), (7.2, "Sint-Michielsgestel"), (8.3, "Maasdriel"), (12.0, "Heusden")]


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_the_same_both_ways_and_zero_at_home(lat1, lon1, lat2, lon2):
    assert kilometres(lat1, lon1, lat1, lon1) == 0
    assert kilometres(lat1, lon1, lat2, lon2) == pytest.approx(kilometres(lat2, lon2, lat1, lon1))


@given(latitudes, longitudes, latitudes, longitudes, st.floats(1, 300))
def test_box_holds_everything_within_the_distance(lat1, lon1, lat2, lon2, km):
    around = box(lat1, lon1, km)

    if kilometres(lat1, lon1, lat2, lon2) <= km:
        assert around.south <= lat2 <= around.north
        assert around.west <= lon2 <= around.east


def test_distance_in_sql_agrees_with_python_within_half_a_percent_up_to_50_km(session, make):
    here = make.municipality()
    for row in listed_municipalities():
        if row.gm_code != DEN_BOSCH:
            make.municipality(gm_code=row.gm_code, name=row.name, lat=row.lat, lon=row.lon)

    rows = session.execute(
        select(Municipality.lat, Municipality.lon, squared_km(Municipality.lat, Municipality.lon, here.lat, here.lon))
    ).all()

    near = [(kilometres(here.lat, here.lon, lat, lon), sqrt(squared)) for lat, lon, squared in rows]
    assert len([1 for python, _ in near if python < 50]) > 50
    assert all(sql == pytest.approx(python, rel=0.005, abs=1e-6) for python, sql in near if python < 50)
