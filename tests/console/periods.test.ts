import { describe, expect, it } from "vitest";
import { dayAfter, dayIn, isDay, startOfDay } from "../../console/src/reports/civil-days.ts";
import { periodOf, periodStarts } from "../../console/src/reports/periods.ts";
import { stayText } from "../../console/src/reports/stay-text.ts";
import { axisTicks } from "../../console/src/plots/scale.ts";

describe("days of a time zone", () => {
  it("begin at its own midnight, on days that are longer or shorter as well", () => {
    const berlin = (day: string) => startOfDay("Europe/Berlin", day);
    expect(berlin("2026-03-29")).toBe("2026-03-28T23:00:00.000Z");
    expect(berlin("2026-03-30")).toBe("2026-03-29T22:00:00.000Z");
    expect(berlin("2026-10-25")).toBe("2026-10-24T22:00:00.000Z");
    expect(berlin("2026-10-26")).toBe("2026-10-25T23:00:00.000Z");
    expect(startOfDay("UTC", "2026-01-01")).toBe("2026-01-01T00:00:00.000Z");
    expect(startOfDay("Asia/Kathmandu", "2026-01-01")).toBe("2025-12-31T18:15:00.000Z");
    expect(startOfDay("Pacific/Auckland", "2026-04-05")).toBe("2026-04-04T11:00:00.000Z");
    expect(startOfDay("Pacific/Auckland", "2026-04-06")).toBe("2026-04-05T12:00:00.000Z");
    expect(startOfDay("America/Los_Angeles", "2026-11-02")).toBe("2026-11-02T08:00:00.000Z");
  });

  it("are found again from any moment in them", () => {
    for (const zone of ["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]) {
      for (let day = "2026-01-01"; day < "2027-01-01"; day = dayAfter(day, 1)) {
        const start = Date.parse(startOfDay(zone, day));
        expect([dayIn(zone, start), dayIn(zone, start - 1)]).toEqual([day, dayAfter(day, -1)]);
      }
    }
  });

  it("are days of the calendar and nothing else", () => {
    expect(["2026-02-28", "2028-02-29"].every(isDay)).toBe(true);
    for (const text of ["2026-02-29", "2026-13-01", "2026-1-1", "", "$gt", "2026-01-01T00"]) {
      expect(isDay(text), text).toBe(false);
    }
  });
});

describe("periods of a report", () => {
  it("follow each other without a gap", () => {
    expect(periodStarts("2026-02-27", "2026-03-01", "DAY")).toEqual([
      "2026-02-27",
      "2026-02-28",
      "2026-03-01",
    ]);
    expect(periodStarts("2026-11-25", "2026-12-08", "WEEK")).toEqual([
      "2026-11-23",
      "2026-11-30",
      "2026-12-07",
    ]);
    expect(periodStarts("2026-11-25", "2027-02-01", "MONTH")).toEqual([
      "2026-11-01",
      "2026-12-01",
      "2027-01-01",
      "2027-02-01",
    ]);
    expect(periodOf("2026-11-29", "WEEK")).toBe("2026-11-23");
  });

  it("end, however long the address makes them", () => {
    expect(periodStarts("0001-01-01", "9999-12-31", "DAY")).toHaveLength(400);
  });
});

it("an axis has round values, holds zero, and reaches beyond what is drawn", () => {
  expect(axisTicks(0, 93)).toEqual([0, 20, 40, 60, 80, 100]);
  expect(axisTicks(-12, 30)).toEqual([-20, -10, 0, 10, 20, 30]);
  expect(axisTicks(0, 0)).toEqual([0, 1]);
});

it("a stay is told by its two largest units", () => {
  expect([340, 4_560, 125_000, 7_500_000, 180_000_000, 86_400_000].map(stayText)).toEqual([
    "340 ms",
    "4.6 s",
    "2 min 5 s",
    "2 h 5 min",
    "2 d 2 h",
    "1 d",
  ]);
});
