import { readFileSync } from 'node:fs';

/** One example of docs/RULES.md: what is asked for, what it says, what is published, and what comes of it. */
export interface DocumentedRule {
  title: string;
  attributes: Record<string, string>;
  /** As they stand in the document, in order; a later one may name the first with `"cancels": "the first"`. */
  rules: Record<string, unknown>[];
  /** Of the first rule, on one line. */
  words: string;
  steps: Step[];
  /** Whether its table has a column `told`, and with it every message that is sent. */
  isTold: boolean;
}

export interface Step {
  /** Epoch ms; NaN for what happens on the clock of the wall. */
  at: number;
  /** What is published (`account:42 90.00`), or done between events (`pause`). */
  what: string;
  /** `opens 92.10 10:05`, as `timelineOf` writes what has happened. */
  then: string[];
  /** `alertFired (1 held back) Mon 10:05:00`; empty as well where the table says nothing of messages. */
  told: string[];
}

/** The week in which all examples play, on the wall clock of Berlin: an hour ahead of UTC throughout. */
const MONDAY = Date.UTC(2026, 2, 1, 23);
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAY_MS = 86_400_000;

/** @returns every example under a heading of the third level that has one, in the order of the document */
export function documentedRules(path: string): DocumentedRule[] {
  const sections = readFileSync(path, 'utf8').split(/^### /m).slice(1);
  return sections.flatMap((section) => {
    const blocks = [...section.matchAll(/^```json\n(.*?)^```/gms)].map(
      ([, json = '']) => JSON.parse(json) as Record<string, unknown>,
    );
    const rules = blocks.filter((block) => 'subjects' in block);
    if (rules.length === 0) return [];
    const attributes = blocks.find((block) => 'attributes' in block)?.attributes ?? {};
    return [
      {
        title: section.slice(0, section.indexOf('\n')),
        attributes: attributes as Record<string, string>,
        rules,
        words: wordsIn(section),
        ...storyIn(section),
      },
    ];
  });
}

/** The metrics that the document's examples are about, from its table of them. */
export function documentedMetrics(path: string): Record<string, unknown>[] {
  const [header, ...rows] = tableIn(readFileSync(path, 'utf8'), 'metric');
  return rows.map((row) =>
    Object.fromEntries(
      row.map((cell, index) => {
        const name = header?.[index] === 'metric' ? 'name' : (header?.[index] ?? '');
        const text = cell.replaceAll('`', '');
        return [name, name === 'scale' ? Number(text) : name === 'startsAtZero' ? text === 'true' : text];
      }),
    ),
  );
}

function wordsIn(section: string): string {
  const quoted = section.split('\n').filter((line) => line.startsWith('> '));
  return quoted.map((line) => line.slice(2)).join(' ');
}

function storyIn(section: string): Pick<DocumentedRule, 'steps' | 'isTold'> {
  const [header = [], ...rows] = tableIn(section, 'time');
  const steps = rows.map(([time = '', what = '', then = '', told = '']) => {
    const at = instantOf(time);
    return { at, what: what.replaceAll('`', ''), then: momentsIn(then, at), told: momentsIn(told, at) };
  });
  return { steps, isTold: header.includes('told') };
}

function momentsIn(cell: string, at: number): string[] {
  if (cell === '') return [];
  return cell.split('; ').map((moment) => {
    const [, what = '', stamped] = /^(.*?)(?: at ((?:\w{3} )?\d\d:\d\d(?::\d\d)?))?$/.exec(moment) ?? [];
    return `${what} ${clockOf(stamped === undefined ? at : instantOf(stamped))}`;
  });
}

/** Cells of the first table whose first column has this name; the header first. */
function tableIn(text: string, firstColumn: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${firstColumn} |`));
  if (start < 0) return [];
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  const table = lines.slice(start, length < 0 ? undefined : start + length).filter((_, row) => row !== 1);
  return table.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** `10:05`, `10:05:30` on Monday, or `Tue 10:05`. */
function instantOf(time: string): number {
  const [, day = 'Mon', hours, minutes, seconds = '0'] =
    /^(?:(\w{3}) )?(\d\d):(\d\d)(?::(\d\d))?$/.exec(time) ?? [];
  if (hours === undefined) return Number.NaN;
  const clock = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return MONDAY + DAYS.indexOf(day) * DAY_MS + clock * 1_000;
}

/** The same form back, always with its day; what happened on the wall's clock has no time to compare. */
export function clockOf(at: number): string {
  if (Number.isNaN(at) || at < MONDAY || at >= MONDAY + 7 * DAY_MS) return 'later';
  const day = DAYS[Math.floor((at - MONDAY) / DAY_MS)] ?? '';
  return `${day} ${new Date(at - MONDAY).toISOString().slice(11, 19)}`;
}
