import { computed, ref, shallowRef, watch } from 'vue';
import { entryOf, type Entry } from './entries';
import { titleOf } from './words';
import type { Form, Schema } from './api';

type Values = Record<string, unknown>;
type Feel = typeof import('feelin');

/** What the conditions of a field come to while somebody fills in its form. */
export interface Asked {
  shown: boolean;
  required: boolean;
  fault: string;
}

const isNone = (value: unknown) => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
const conditions = (schema: Schema) => [schema['x-visible'], schema['x-required'], schema['x-default'], ...(schema['x-checks'] ?? []).map((check) => check.rule)].filter((text) => text !== undefined);
/** The district's day. */
const day = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());

/** As the server's FEEL sees a value of the field; what cannot be read is nothing. */
function seen(feel: Feel, schema: Schema | undefined, value: unknown): unknown {
  if (isNone(value) || schema?.['x-personal'] === true || (typeof value === 'object' && value !== null && 'masked' in value)) return null;
  const read: Record<string, (text: string) => unknown> = { date: feel.date, month: (text) => feel.date(`${text}-01`), instant: feel.dateAndTime, duration: feel.duration };
  try {
    return read[schema?.['x-type'] ?? '']?.(String(value)) ?? value;
  } catch {
    return null;
  }
}

/**
 * What a form's fields say of each other in FEEL, live: which are asked for, which must be there, what stands there without a word, what does not hold.
 * `others`: what the subject has beside the form. The server holds all of it again; where an expression cannot be read here, the field is shown and nothing stands against it.
 */
export function useConditions(form: () => Form | undefined, values: () => Values, put: (name: string, value: unknown) => void, others: () => { values: Values; schemas: Record<string, Schema> } = () => ({ values: {}, schemas: {} }), begins = true) {
  const feel = shallowRef<Feel>();
  const entries = ref(new Map<string, Entry | undefined>());
  const fields = computed(() => Object.entries(form()?.properties ?? {}));
  const texts = computed(() => fields.value.flatMap(([, schema]) => conditions(schema)));
  watch(() => texts.value.length > 0, (any) => {
    if (any) void import('feelin').then((module) => (feel.value = module));
  }, { immediate: true });

  /** References that some condition looks through, and what they name now. */
  const looked = computed(() => fields.value.flatMap(([name, schema]) => (schema['x-type'] === 'reference' && texts.value.some((text) => new RegExp(`\\b${name}\\s*\\.`).test(text)) ? [String(values()[name] ?? '')] : [])));
  watch(looked, (subjects) => {
    for (const subject of subjects) if (subject !== '' && !entries.value.has(subject)) void entryOf(subject).then((entry) => entries.value.set(subject, entry));
  }, { immediate: true });

  function evaluated(text: string): unknown {
    const known = feel.value;
    if (known === undefined) return undefined;
    const beside = others();
    const context: Values = { today: known.date(day()) };
    for (const [name, value] of Object.entries(beside.values)) context[name] = seen(known, beside.schemas[name], value);
    for (const [name, schema] of fields.value) {
      const value = values()[name];
      const through = schema['x-type'] === 'reference' && new RegExp(`\\b${name}\\s*\\.`).test(text);
      context[name] = through ? entries.value.get(String(value))?.values ?? null : seen(known, schema, value);
    }
    try {
      return known.evaluate(text, context).value;
    } catch {
      return undefined;
    }
  }
  const holds = (text: string | undefined) => {
    if (text === undefined) return true;
    const result = evaluated(text);
    return result === undefined || result === true;
  };
  const asked = computed<Record<string, Asked>>(() => Object.fromEntries(fields.value.map(([name, schema]) => {
    const shown = holds(schema['x-visible']);
    const failed = (schema['x-checks'] ?? []).find((check) => evaluated(check.rule) === false);
    const always = form()?.required.includes(name) === true;
    return [name, { shown, required: shown && (always || (schema['x-required'] !== undefined && evaluated(schema['x-required']) === true)),fault: failed === undefined || isNone(values()[name]) ? '' : titleOf(failed.title) }];
  })));

  // What stands there without a word, as long as nobody wrote over it.
  const offered = ref<Values>({});
  watch(() => (begins && feel.value !== undefined ? fields.value.map(([name, schema]) => (schema['x-default'] !== undefined && asked.value[name]?.shown === true ? evaluated(schema['x-default']) : undefined)) : []), (defaults) => {
    for (const [at, [name]] of fields.value.entries()) {
      const found = defaults[at];
      const said = isNone(found) ? undefined : typeof found === 'object' && !Array.isArray(found) ? String(found) : found;
      const now = values()[name];
      if (said === offered.value[name] || !(isNone(now) || now === offered.value[name])) continue;
      offered.value[name] = said;
      put(name, said);
    }
  }, { immediate: true });

  /** What is to be sent: fields that are not asked for say nothing. */
  const sent = (all: Values) => Object.fromEntries(Object.entries(all).filter(([name, value]) => !isNone(value) && asked.value[name]?.shown !== false));
  return { asked, sent };
}
