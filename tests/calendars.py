"""Reads the calendar files that the tests wrote with a program of somebody else: `python tests/calendars.py FOLDER`."""

import datetime
import pathlib
import sys

from icalendar import Calendar

files = sorted(pathlib.Path(sys.argv[1]).glob("*.ics"))
assert len(files) > 5, f"{len(files)} files: the tests wrote none, and this would prove nothing"
events = 0
for file in files:
    calendar = Calendar.from_ical(file.read_bytes())
    for component in calendar.walk():
        assert not component.errors, f"{file.name}: {component.name}: {component.errors}"
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"], file.name
    for event in calendar.walk("VEVENT"):
        start, end = event.decoded("DTSTART"), event.decoded("DTEND")
        assert type(start) is datetime.date and end - start == datetime.timedelta(days=1), f"{file.name}: {start} {end}"
        assert event["UID"] and event.decoded("DTSTAMP").tzinfo and int(event["SEQUENCE"]) >= 0, file.name
        events += 1
print(f"{len(files)} calendar files, {events} events: read by icalendar of PyPI")
