import { assertEquals, assertThrows } from "@std/assert";
import { dailyRotation, sizeRotation } from "./rotation.ts";

const MIB = 1024 * 1024;
const NOW = new Date(2026, 7, 15, 17, 8, 22).getTime();
const YESTERDAY = new Date(2026, 7, 14, 23, 59, 59).getTime();

const dues = [
  { name: "daily, same date", rule: dailyRotation(), size: 1, since: NOW - 1000, due: false },
  { name: "daily, other date", rule: dailyRotation(), size: 1, since: YESTERDAY, due: true },
  { name: "daily, empty file", rule: dailyRotation(), size: 0, since: YESTERDAY, due: false },
  {
    name: "size 0 never",
    rule: sizeRotation({ maxBytes: 0 }),
    size: 1000 * MIB,
    since: 0,
    due: false,
  },
  {
    name: "100 MiB, empty",
    rule: sizeRotation({ maxBytes: 100 * MIB }),
    size: 0,
    since: 0,
    due: false,
  },
  {
    name: "100 MiB, 101 in it",
    rule: sizeRotation({ maxBytes: 100 * MIB }),
    size: 101 * MIB,
    since: 0,
    due: true,
  },
  { name: "exactly full", rule: sizeRotation({ maxBytes: 110 }), size: 100, since: 0, due: false },
  { name: "one byte more", rule: sizeRotation({ maxBytes: 109 }), size: 100, since: 0, due: true },
];

for (const { name, rule, size, since, due } of dues) {
  Deno.test(`RotationRule.due() ${name}`, () => {
    assertEquals(rule.due({ size, since }, 10, NOW), due);
  });
}

Deno.test("dailyRotation().backupName() carries the date of the lines", () => {
  const rule = dailyRotation();
  assertEquals(rule.backupName("access.log", YESTERDAY, 0), "access.log-2026-08-14");
  assertEquals(rule.backupName("access.log", YESTERDAY, 2), "access.log-2026-08-14-2");
});

Deno.test("sizeRotation().backupName() carries the time of the first line", () => {
  const rule = sizeRotation({ maxBytes: 1 });
  const name = rule.backupName("access.log", NOW, 0);
  const time = /^access-(.*)\.log$/.exec(name)?.[1] ?? "";
  const readable = Deno.build.os === "windows"
    ? time.replace(/T(\d\d)-(\d\d)-(\d\d)/, "T$1:$2:$3")
    : time;
  assertEquals(Date.parse(readable), NOW);
  assertEquals(rule.backupName("access.log", NOW, 1), `access-${time}-1.log`);
  assertEquals(rule.backupName("access", NOW, 0), `access-${time}`);
});

Deno.test("dailyRotation().outdated() deletes what is older than KeepDays, compressed or not", () => {
  const names = [
    "access.log",
    "access.log-2026-08-11",
    "access.log-2026-08-12",
    "access.log-2026-08-12-1.gz",
    "access.log-2026-08-13.gz",
    "access.log-2026-08-14",
    "access.log-old",
    "xaccess.log-2026-08-01",
    "accessxlog-2026-08-01",
    "error.log-2026-08-01",
  ];
  assertEquals(dailyRotation({ keepDays: 2 }).outdated("access.log", names, NOW), [
    "access.log-2026-08-11",
    "access.log-2026-08-12",
    "access.log-2026-08-12-1.gz",
  ]);
  assertEquals(dailyRotation().outdated("access.log", names, NOW), []);
});

const BACKUPS = [
  "access-2026-08-10T10:00:00Z.log.gz",
  "access-2026-08-13T10:00:00Z.log",
  "access-2026-08-14T10:00:00+08:00.log",
  "access-2026-08-14T03:00:00Z.log",
  "access-2026-08-14T03:00:00Z-1.log",
  "access-2026-08-14T03:00:00Z-1.log.gz",
  "access.log",
  "access-notes.log",
  "error-2026-08-10T10:00:00Z.log",
];

const kept = [
  { name: "keeps all", maxBackups: 0, keepDays: 0, outdated: [] },
  {
    name: "keeps the newest, told apart by instant and turn",
    maxBackups: 2,
    keepDays: 0,
    outdated: [
      "access-2026-08-14T10:00:00+08:00.log",
      "access-2026-08-13T10:00:00Z.log",
      "access-2026-08-10T10:00:00Z.log.gz",
    ],
  },
  {
    name: "deletes by age",
    maxBackups: 0,
    keepDays: 3,
    outdated: ["access-2026-08-10T10:00:00Z.log.gz"],
  },
  {
    name: "deletes by either",
    maxBackups: 3,
    keepDays: 1,
    outdated: ["access-2026-08-13T10:00:00Z.log", "access-2026-08-10T10:00:00Z.log.gz"],
  },
];

for (const { name, maxBackups, keepDays, outdated } of kept) {
  Deno.test(`sizeRotation().outdated() ${name}`, () => {
    const rule = sizeRotation({ maxBytes: 1, maxBackups, keepDays });
    const now = Date.UTC(2026, 7, 15, 1);
    assertEquals(rule.outdated("access.log", BACKUPS, now), outdated);
  });
}

Deno.test("sizeRotation().outdated() reads the names it gives", () => {
  for (const fileTimeFormat of ["rfc3339", "rfc3339ms"]) {
    const rule = sizeRotation({ maxBytes: 1, maxBackups: 1, fileTimeFormat });
    const names = [0, 1, 2].map((n) => rule.backupName("access.log", NOW + n * 60_000, n));
    assertEquals(rule.outdated("access.log", names, NOW), [names[1]!, names[0]!]);
  }
});

Deno.test("sizeRotation() refuses a time format it cannot read back", () => {
  for (const fileTimeFormat of ["unixms", "2006"]) {
    assertThrows(() => sizeRotation({ maxBytes: 1, fileTimeFormat }), SyntaxError);
  }
});
