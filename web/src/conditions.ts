import { computed, ref, shallowRef, watch } from 'vue';
import { columnsOf, entryOf } from './entries';
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

/** A value that conditions may look through: what it names, where its reader may see it. */
type Named = Record<string, unknown> | undefined;

/**
 * What a form's fields say of each other in FEEL, live: which are asked for, which must be there, what stands there without a word, what does not hold.
 * `others`: what the subject has beside the form. `begins`: whether defaults stand in. The server holds all of it again; what cannot be told here is shown, and nothing stands against it.
 */
export function useConditions(form: () => Form | undefined, values: () => Values, put: (name: string, value: unknown) => void, others: () => { values: Values; schemas: Record<string, Schema> } = () => ({ values: {}, schemas: {} }), begins = () => true) {
  const feel = shallowRef<Feel>();
  const named = ref(new Map<string, Named>());
  const fields = computed(() => Object.entries(form()?.properties ?? {}));
  const texts = computed(() => fields.value.flatMap(([, schema]) => conditions(schema)));
  watch(() => texts.value.length > 0, (any) => {
    if (any) void import('feelin').then((module) => (feel.value = module));
  }, { immediate: true });

  /** All that a text may name: the form's own fields, over what the subject has beside them. */
  const known = computed(() => {
    const own = Object.fromEntries(fields.value.map(([name, schema]) => [name, { schema, value: values()[name] }]));
    const beside = Object.entries(others().schemas).map(([name, schema]) => [name, { schema, value: others().values[name] }] as const);
    return { ...Object.fromEntries(beside), ...own };
  });
  const through = (name: string, schema: Schema, text: string) => schema['x-type'] === 'reference' && new RegExp(`\\b${name}\\s*\\.`).test(text);
  /** References that some condition looks through, and what they name now, as FEEL sees it. */
  const looked = computed(() => Object.entries(known.value).flatMap(([name, one]) => (texts.value.some((text) => through(name, one.schema, text)) && !isNone(one.value) ? [String(one.value)] : [])));
  watch([looked, feel], () => {
    const module = feel.value;
    if (module === undefined) return;
    for (const subject of looked.value) {
      if (named.value.has(subject)) continue;
      named.value.set(subject, undefined);
      void Promise.all([entryOf(subject), columnsOf(subject)]).then(([entry, columns]) => {
        if (entry !== undefined) named.value.set(subject, Object.fromEntries(Object.entries(columns).map(([name, schema]) => [name, seen(module, schema, entry.values[name])])));
      });
    }
  }, { immediate: true });

  /** Undefined where it cannot be told here: the text says what this reader does not know, or cannot be read. What is hidden says nothing. */
  function evaluated(text: string, hidden: Set<string> = new Set()): unknown {
    const module = feel.value;
    if (module === undefined) return undefined;
    const context: Values = { today: module.date(day()) };
    for (const [name, { schema, value }] of Object.entries(known.value)) {
      if (hidden.has(name)) context[name] = null;
      else if (!through(name, schema, text)) context[name] = seen(module, schema, value);
      else if (isNone(value)) context[name] = null;
      else if (named.value.get(String(value)) === undefined) return undefined;
      else context[name] = named.value.get(String(value));
    }
    try {
      const { value, warnings } = module.evaluate(text, context);
      // What is not there at all is not null: a name, a function, a column that this page does not know.
      return (warnings ?? []).some((warning) => warning.type.startsWith('NO_')) ? undefined : value;
    } catch {
      return undefined;
    }
  }
  /** A field that depends on a hidden one knows it, whatever was typed there before. */
  const hidden = computed(() => {
    let now = new Set<string>();
    for (let round = 0; round <= fields.value.length; round++) {
      const next = new Set(fields.value.filter(([, schema]) => {
        const visible = schema['x-visible'] === undefined ? true : evaluated(schema['x-visible'], now);
        return visible !== undefined && visible !== true;
      }).map(([name]) => name));
      if (next.size === now.size && [...next].every((name) => now.has(name))) break;
      now = next;
    }
    return now;
  });
  const asked = computed<Record<string, Asked>>(() => Object.fromEntries(fields.value.map(([name, schema]) => {
    const shown = !hidden.value.has(name);
    const failed = (schema['x-checks'] ?? []).find((check) => evaluated(check.rule, hidden.value) === false);
    const always = form()?.required.includes(name) === true;
    const needed = schema['x-required'] !== undefined && evaluated(schema['x-required'], hidden.value) === true;
    return [name, { shown, required: shown && (always || needed), fault: failed === undefined || isNone(values()[name]) ? '' : titleOf(failed.title) }];
  })));

  // What stands there without a word, as long as nobody wrote over it.
  const offered = ref<Values>({});
  watch(() => (begins() && feel.value !== undefined ? fields.value.map(([name, schema]) => (schema['x-default'] !== undefined && !hidden.value.has(name) ? evaluated(schema['x-default'], hidden.value) : undefined)) : []), (defaults) => {
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
  const sent = (all: Values) => Object.fromEntries(Object.entries(all).filter(([name, value]) => !isNone(value) && !hidden.value.has(name)));
  return { asked, sent };
}
