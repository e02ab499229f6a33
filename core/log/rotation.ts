import { localDate, TIME_FORMATS, timeFormatter } from "./time_format.ts";

/** The time formats that names of files can carry: those that can be read back. */
export const FILE_TIME_FORMATS: readonly string[] = TIME_FORMATS.filter((it) => it !== "unixms");
const DAY_MS = 24 * 60 * 60 * 1000;

/** What a rule needs to know of the file being written. */
export interface CurrentFile {
  /** Bytes in it. */
  readonly size: number;
  /** When its first line was written, in epoch ms; for a file found at start, when its last was. */
  readonly since: number;
}

/** When to begin a new file, what to call the old one, and which old ones to delete. */
export interface RotationRule {
  /** Whether to rotate before `incomingBytes` more are written at `nowMs`. */
  due(file: CurrentFile, incomingBytes: number, nowMs: number): boolean;
  /** The name the current file gets. `attempt` > 0 when earlier names were taken. */
  backupName(base: string, since: number, attempt: number): string;
  /** Those of `names` (all files of the folder, in any order) that are outdated backups of `base`. */
  outdated(base: string, names: readonly string[], nowMs: number): string[];
}

/** Options for {@link dailyRotation}. */
export interface DailyRotationOptions {
  /** Days to keep backups. 0 keeps them for ever. @default {0} */
  keepDays?: number | undefined;
}

/** A new file when the local date changes: `access.log` becomes `access.log-2026-08-15`. */
export function dailyRotation({ keepDays = 0 }: DailyRotationOptions = {}): RotationRule {
  return {
    due: ({ since, size }, _incoming, nowMs) => size > 0 && localDate(since) !== localDate(nowMs),
    backupName: (base, since, attempt) =>
      `${base}-${localDate(since)}${attempt > 0 ? `-${attempt}` : ""}`,
    outdated(base, names, nowMs) {
      if (keepDays <= 0) return [];
      const boundary = localDate(daysBefore(nowMs, keepDays));
      const pattern = new RegExp(`^${escape(base)}-(\\d{4}-\\d{2}-\\d{2})(?:-\\d+)?(?:\\.gz)?$`);
      return names.filter((name) => {
        const date = pattern.exec(name)?.[1];
        return date !== undefined && date < boundary;
      });
    },
  };
}

/** Options for {@link sizeRotation}. */
export interface SizeRotationOptions extends DailyRotationOptions {
  /** Bytes a file may hold. 0 means no limit. */
  maxBytes: number;
  /** Backups to keep, whatever their age. 0 keeps all. @default {0} */
  maxBackups?: number | undefined;
  /** Time in backup names: `rfc3339`, `rfc3339ms` or `utc`. @default {"rfc3339"} */
  fileTimeFormat?: string | undefined;
}

/**
 * A new file when the current one is full: `access.log` becomes
 * `access-2026-08-15T17:08:22+08:00.log`, with `-` for `:` on Windows. A backup and its compressed
 * form count as one.
 */
export function sizeRotation(options: SizeRotationOptions): RotationRule {
  const { maxBytes, maxBackups = 0, keepDays = 0, fileTimeFormat = "rfc3339" } = options;
  if (!FILE_TIME_FORMATS.includes(fileTimeFormat)) {
    // Such names could not be told from those of other files, and would never be deleted.
    throw new SyntaxError(
      `Cannot name log files: "${fileTimeFormat}" is not one of ${FILE_TIME_FORMATS.join(", ")}`,
    );
  }
  const format = timeFormatter(fileTimeFormat);
  return {
    due: ({ size }, incoming) => maxBytes > 0 && size > 0 && size + incoming > maxBytes,
    backupName(base, since, attempt) {
      const { stem, extension } = split(base);
      const time = Deno.build.os === "windows" ? format(since).replaceAll(":", "-") : format(since);
      return `${stem}-${time}${attempt > 0 ? `-${attempt}` : ""}${extension}`;
    },
    outdated(base, names, nowMs) {
      const backups = backupsOf(base, names).sort((a, b) => b.time - a.time || b.turn - a.turn);
      const kept = [...new Set(backups.map(({ id }) => id))].slice(0, maxBackups || undefined);
      const boundary = keepDays > 0 ? daysBefore(nowMs, keepDays) : -Infinity;
      return backups
        .filter(({ id, time }) => time < boundary || !kept.includes(id))
        .map(({ name }) => name);
    },
  };
}

interface Backup {
  readonly name: string;
  /** The name without `.gz`. */
  readonly id: string;
  readonly time: number;
  readonly turn: number;
}

/** Times are read, not compared as text: their offset changes with daylight saving. */
function backupsOf(base: string, names: readonly string[]): Backup[] {
  const { stem, extension } = split(base);
  const pattern = new RegExp(
    `^${escape(stem)}-(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d)[:-](\\d\\d)[:-](\\d\\d(?:\\.\\d{3})?)` +
      `(Z|[+-]\\d\\d[:-]\\d\\d)(?:-(\\d+))?${escape(extension)}(?:\\.gz)?$`,
  );
  return names.flatMap((name) => {
    const match = pattern.exec(name);
    if (!match) return [];
    const [, date, hour, minute, second, zone = "Z", turn] = match;
    const offset = zone === "Z" ? zone : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
    const time = Date.parse(`${date}T${hour}:${minute}:${second}${offset}`);
    return [{ name, id: name.replace(/\.gz$/, ""), time, turn: Number(turn ?? 0) }];
  });
}

function daysBefore(nowMs: number, days: number): number {
  return nowMs - days * DAY_MS;
}

function split(base: string): { stem: string; extension: string } {
  const dot = base.lastIndexOf(".");
  return dot > 0
    ? { stem: base.slice(0, dot), extension: base.slice(dot) }
    : { stem: base, extension: "" };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
