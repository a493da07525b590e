import { ref, watch } from 'vue';
import { get, type Answer, type Form } from './api';
import { isMasked } from './fields';

type Entry = Answer<'/api/v1/collections/{collection}/items/{id}'>;
type Values = Record<string, unknown>;

const isNone = (value: unknown) => value === undefined || value === null || value === '';

/** Fields that are taken over from what a reference beside them names: offered where nothing stands, and anew where the reference changes and nobody wrote over them. Returns what was offered, by field. */
export function usePrefill(form: () => Form | undefined, values: () => Values, put: (name: string, value: unknown) => void) {
  const offered = ref<Values>({});
  const sources = () => Object.entries(form()?.properties ?? {}).flatMap(([name, schema]) => {
    const [reference, field] = schema['x-prefill']?.split('.') ?? [];
    return reference === undefined || field === undefined ? [] : [{ name, field, subject: String(values()[reference] ?? '') }];
  });
  const named = () => sources().map((one) => one.subject).join(' ');
  /** What is not there, or not for this reader, offers nothing; sending tells it. */
  async function entryOf(subject: string): Promise<Entry | undefined> {
    const [, register, id] = /^([a-z][a-z0-9_]*):(\d+)$/.exec(subject) ?? [];
    return register === undefined ? undefined : get<Entry>(`/api/v1/collections/${register}/items/${id}`).catch(() => undefined);
  }
  async function offer() {
    const asked = named();
    const entries = new Map<string, Entry | undefined>();
    for (const { subject } of sources()) if (!entries.has(subject)) entries.set(subject, await entryOf(subject));
    // Meanwhile another may have been chosen, for whom this runs again.
    if (named() !== asked) return;
    for (const { name, field, subject } of sources()) {
      const found = entries.get(subject)?.values[field];
      const now = values()[name];
      if (!(isNone(now) || now === offered.value[name])) continue;
      const value = isNone(found) || isMasked(found) ? undefined : found;
      // What the former one said is not the new one's.
      if (value === undefined && offered.value[name] === undefined) continue;
      offered.value[name] = value;
      put(name, value);
    }
  }
  watch(named, () => void offer(), { immediate: true });
  return offered;
}
