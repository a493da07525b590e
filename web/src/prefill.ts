import { ref, watch } from 'vue';
import type { Form } from './api';
import { entryOf, type Entry } from './entries';
import { isMasked } from './fields';

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
