import { computed, type Ref } from 'vue';
import { useRoute } from 'vue-router';
import type { Unit } from './api';
import type { Alarm, Line } from './board';
import { refine } from './router';

const names = ['text', 'type', 'class', 'lamp', 'unit', 'responsible', 'range', 'from', 'to'] as const;
export type FilterName = (typeof names)[number];
const hours: Record<string, number> = { '24h': 24, '7d': 168, '30d': 720 };
/** Days of the district begin at midnight there, whatever the reader's machine says. */
const midnight = (day: string) => Date.parse(`${day}T00:00:00+08:00`);

/** What the board shows, as it stands in the address: who opens the link sees the same. */
export function useFilters(units: () => Unit[], now: Ref<number>) {
  const route = useRoute();
  const value = (name: string) => (typeof route.query[name] === 'string' ? (route.query[name] as string) : '');
  const set = (changes: Record<string, string>) => refine(Object.fromEntries(Object.entries(changes).map(([name, text]) => [name, text === '' ? undefined : text])));
  // As one text: what else changes in the address, as what is picked, filters ten thousand cases anew for nothing.
  const text = computed(() => JSON.stringify(Object.fromEntries(names.map((name) => [name, value(name)]))));
  const said = computed(() => JSON.parse(text.value) as Record<FilterName, string>);
  const clear = () => set(Object.fromEntries(names.map((name) => [name, ''])));

  /** Codes at and below a unit. */
  function below(code: string): Set<string> {
    const found = new Set([code]);
    let grown = true;
    while (grown) {
      grown = false;
      for (const unit of units()) {
        if (unit.parent === null || found.has(unit.code) || !found.has(unit.parent)) continue;
        found.add(unit.code);
        grown = true;
      }
    }
    return found;
  }

  /** Alarms have a place too. */
  const places = computed(() => (said.value.unit === '' ? null : below(said.value.unit)));
  /** What only cases have (lamp, class, type, who answers, when it came) leaves no alarm; text and place hold for both. */
  const testAlarm = computed<(alarm: Alarm) => boolean>(() => {
    const caseOnly = (['type', 'class', 'lamp', 'responsible', 'range'] as const).some((name) => said.value[name] !== '');
    const words = said.value.text.toLowerCase();
    return (alarm) => !caseOnly && (places.value === null || places.value.has(alarm.unit ?? '')) && (words === '' || [alarm.stream_title, alarm.limit_title].some((one) => `${one.title_zh} ${one.title_en}`.toLowerCase().includes(words)));
  });

  // Ranges that move with time move by minutes: each move draws the map anew.
  const minute = computed(() => Math.floor(now.value / 60_000));
  const test = computed<(line: Line) => boolean>(() => {
    const { type, class: caseClass, responsible, range } = said.value;
    const words = said.value.text.toLowerCase();
    const lamp = Number(said.value.lamp);
    const here = places.value;
    const answering = responsible === '' || responsible === 'none' ? null : below(responsible);
    const from = range === 'own' && said.value.from !== '' ? midnight(said.value.from) : range in hours ? minute.value * 60_000 - (hours[range] ?? 0) * 3_600_000 : -Infinity;
    const to = range === 'own' && said.value.to !== '' ? midnight(said.value.to) + 86_400_000 : Infinity;
    return (line) =>
      line.lamp >= lamp && line.createdAt >= from && line.createdAt < to && (type === '' || line.type === type) && line.class.startsWith(caseClass) &&
      (here === null || here.has(line.unit ?? '')) && (answering === null || answering.has(line.responsible ?? '')) && (responsible !== 'none' || line.responsible === null) &&
      (words === '' || String(line.id) === words || line.summary.toLowerCase().includes(words));
  });
  const narrowed = computed(() => names.some((name) => said.value[name] !== ''));
  return { value, set, clear, test, testAlarm, narrowed };
}
