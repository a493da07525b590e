import { ref, shallowRef, triggerRef } from 'vue';
import { get, type Title, type Answer, type Item } from './api';

/** A case in few words, as the board has it. */
export interface Line {
  id: number; type: string; state: string; open: boolean; class: string; lamp: number; due: string | null; created: string; x: number | null; y: number | null; unit: string | null; responsible: string | null; summary: string;
  /** Milliseconds, for sorting and filtering; without a deadline the last of all. */
  dueAt: number; createdAt: number;
}
export type Stream = Item<'/api/v1/datastreams'> & Partial<Pick<Answer<'/api/v1/datastreams/{id}'>, 'limits'>>;
export type Value = Stream['result'];
export type StreamLimit = NonNullable<Stream['limits']>[number];
export type Alarm = Item<'/api/v1/alarms'>;
/** Whether a value counts: what is out of range, implausible or marked by its sender is shown, and counts nowhere. */
export const counts = (quality: string | null | undefined) => quality === null || quality === undefined || quality === 'good';
/** How a limit compares. */
export const sideOf = (limit: StreamLimit) => (limit.side === 'above' ? (limit.reached ? '≥' : '>') : limit.reached ? '≤' : '<');
export type IndexValue = NonNullable<Item<'/api/v1/indices/{name}/things'>['hour']>;
export const titleFrom = (named: { title_zh: string; title_en: string }): Title => ({ zh: named.title_zh, en: named.title_en });
/** What an alarm was raised at and is now, with its unit. */
export const raisedText = (alarm: Alarm) => (alarm.value === '' ? '—' : `${alarm.value} ${alarm.unit_symbol}`.trim());
export const newestText = (alarm: Alarm) => (alarm.newest === null ? '—' : `${String(alarm.newest)} ${alarm.unit_symbol}`.trim());
export const valueText = (stream: Stream) => (stream.result === null ? '—' : `${String(stream.result)} ${stream.unit_symbol}`.trim());

type Page = Answer<'/api/v1/board/cases'>;
type Changes = Omit<Answer<'/api/v1/board/changes'>, 'values'> & { values: [number, string, Value, string][] };

function lineOf(components: string[], row: unknown[]): Line {
  const line = Object.fromEntries(components.map((name, index) => [name, row[index]])) as unknown as Line;
  line.dueAt = line.due === null ? Infinity : Date.parse(line.due);
  line.createdAt = Date.parse(line.created);
  return line;
}

/** The board's own copy of what is open, sensed and alarming; kept up by what changed since a position. */
export function useBoard(onDiff: (changed: Line[], gone: number[], everything: boolean) => void, onConfigured: () => void) {
  const lines = shallowRef(new Map<number, Line>());
  const streams = shallowRef<Stream[]>([]);
  const alarms = ref<Alarm[]>([]);
  const seesAlarms = ref(true);
  const updated = ref('');
  /** Raised whenever values came; streams themselves are changed in place, as thousands may come at once. */
  const values = ref(0);
  let byId = new Map<number, Stream>();
  let position = -1;
  let streamsRead = 0;
  let working = false;
  let again = false;

  async function readStreams() {
    const all: Stream[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: { items: Stream[]; next: string | null } = await get(`/api/v1/datastreams?limit=5000${after === '' ? '' : `&after=${after}`}`);
      all.push(...page.items);
      after = page.next;
    }
    streams.value = all;
    byId = new Map(streams.value.map((stream) => [stream['@iot.id'], stream]));
    values.value += 1;
    streamsRead = Date.now();
  }
  /** What is active, and what cleared before anybody took notice. */
  async function readAlarms() {
    const [active, unseen] = await Promise.all(['active=true', 'active=false&acknowledged=false'].map((filter) => get<{ items: Alarm[] }>(`/api/v1/alarms?${filter}&limit=1000`)));
    alarms.value = [...(active?.items ?? []), ...(unseen?.items ?? [])];
  }
  /** Who may see cases may not see streams, and the other way round: the board shows what there is. */
  const permitted = (problem: { status?: number }) => (problem.status === 403 ? undefined : Promise.reject(problem));
  const alarmsIfAny = () => readAlarms().then(() => void (seesAlarms.value = true)).catch((problem: { status?: number }) => (problem.status === 403 ? void (seesAlarms.value = false) : Promise.reject(problem)));
  async function readAll() {
    const fresh = new Map<number, Line>();
    let first = -1;
    for (let after = ''; ; ) {
      const page = await get<Page>(`/api/v1/board/cases${after === '' ? '' : `?after=${encodeURIComponent(after)}`}`);
      if (first < 0) first = page.position;
      for (const row of page.rows) {
        const line = lineOf(page.components, row);
        fresh.set(line.id, line);
      }
      if (page.next === null) break;
      after = page.next;
    }
    await Promise.all([readStreams().catch(permitted), alarmsIfAny()]);
    lines.value = fresh;
    position = first;
    onDiff([...fresh.values()], [], true);
  }
  function take(news: Changes['values']) {
    for (const [id, time, result, resultQuality] of news) {
      const stream = byId.get(id);
      if (stream === undefined || (stream.phenomenonTime !== null && Date.parse(stream.phenomenonTime) > Date.parse(time))) continue;
      Object.assign(stream, { phenomenonTime: time, result, resultQuality });
    }
    if (news.length > 0) values.value += 1;
  }
  async function readChanges() {
    const changes = await get<Changes>(`/api/v1/board/changes?since=${position}`);
    if (changes.everything) {
      onConfigured();
      return readAll();
    }
    const changed = changes.rows.map((row) => lineOf(changes.components, row));
    for (const line of changed) lines.value.set(line.id, line);
    for (const id of changes.gone) lines.value.delete(id);
    if (changed.length > 0 || changes.gone.length > 0) {
      triggerRef(lines);
      onDiff(changed, changes.gone, false);
    }
    take(changes.values);
    // Too many came to be told one by one: all are read anew, now and then.
    if (changes.streams && Date.now() - streamsRead > 5000) await readStreams().catch(permitted);
    // A case that closes or opens is told beside its alarm.
    if (changes.alarms || (changed.length > 0 && alarms.value.length > 0)) await alarmsIfAny();
    // Only now: what failed on the way is asked for again.
    position = changes.position;
  }
  /** Reads what changed; one reading at a time, and once more if something happened meanwhile. */
  async function refresh() {
    if (working) {
      again = true;
      return;
    }
    working = true;
    try {
      do {
        again = false;
        await (position < 0 ? readAll() : readChanges().catch((problem: { status?: number }) => (problem.status === 422 ? readAll() : Promise.reject(problem))));
        updated.value = new Date().toISOString();
      } while (again);
    } finally {
      working = false;
    }
  }
  return { lines, streams, alarms, seesAlarms, updated, values, refresh, readAlarms };
}
