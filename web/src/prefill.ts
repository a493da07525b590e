import { ref, watch } from 'vue';
import { get, type Form, type Item } from './api';

type Entry = Item<'/api/v1/registers/{register}/entries'>;
type Values = Record<string, unknown>;

const isNone = (value: unknown) => value === undefined || value === null || value === '';

/** Fields that are taken over from what a reference beside them names: offered where nothing stands, and anew where the reference changes and nobody wrote over them. Returns what was offered, by field. */
export function usePrefill(form: () => Form | undefined, values: () => Values, put: (name: string, value: unknown) => void) {
  const offered = ref<Values>({});
  const sources = () => Object.entries(form()?.properties ?? {}).flatMap(([name, schema]) => {
    const [reference, field] = schema['x-prefill']?.split('.') ?? [];
    return reference === undefined || field === undefined ? [] : [{ name, field, subject: String(values()[reference] ?? '') }];
  });
  async function offer() {
    for (const { name, field, subject } of sources()) {
      const [, register, id] = /^([a-z][a-z0-9_]*):(\d+)$/.exec(subject) ?? [];
      if (register === undefined || id === undefined) continue;
      // What is not there, or not for this reader, offers nothing; sending tells it.
      const entry = await get<Entry>(`/api/v1/registers/${register}/entries/${id}`).catch(() => undefined);
      const value = entry?.values[field];
      const masked = typeof value === 'object' && value !== null && 'masked' in value;
      const now = values()[name];
      if (isNone(value) || masked || !(isNone(now) || now === offered.value[name])) continue;
      offered.value[name] = value;
      put(name, value);
    }
  }
  watch(() => sources().map((one) => one.subject).join(' '), () => void offer(), { immediate: true });
  return offered;
}
