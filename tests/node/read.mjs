// What ical.js, the engine of Thunderbird and Nextcloud, reads in a calendar: text on stdin, JSON on stdout.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));

const moment = (event, name) => {
  const time = event.getFirstPropertyValue(name);
  return { epoch: time.toUnixTime(), zone: time.zone.tzid };
};

const event = (component) => ({
  uid: component.getFirstPropertyValue("uid"),
  summary: component.getFirstPropertyValue("summary"),
  location: component.getFirstPropertyValue("location"),
  description: component.getFirstPropertyValue("description"),
  status: component.getFirstPropertyValue("status"),
  sequence: component.getFirstPropertyValue("sequence"),
  conference: component.getFirstPropertyValue("conference"),
  label: component.getFirstProperty("conference")?.getFirstParameter("label") ?? null,
  start: moment(component, "dtstart"),
  end: moment(component, "dtend"),
  stamp: moment(component, "dtstamp"),
});

const text = (name) => calendar.getFirstPropertyValue(name)?.toString() ?? null;

console.log(
  JSON.stringify({
    name: text("name"),
    refresh: text("refresh-interval"),
    zones: calendar.getAllSubcomponents("vtimezone").length,
    events: calendar.getAllSubcomponents("vevent").map(event),
  }),
);
