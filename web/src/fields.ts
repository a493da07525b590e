import type { Schema } from './api';
import { i18n } from './i18n';
import { momentText, titleOf } from './words';

/** A value of a field as a reader sees it: options by their titles, times in the district's zone, amounts with their unit. */
export function valueText(schema: Schema | undefined, value: unknown): string {
  const { t } = i18n.global;
  if (value === null || value === undefined) return '';
  if (isMasked(value)) return t('common.masked');
  const option = (one: unknown) => titleOf(schema?.['x-options']?.[String(one)]) || String(one);
  // What stands where a value was redacted need not be one.
  const list = Array.isArray(value);
  switch (schema?.['x-type']) {
    case 'choice':
      return option(value);
    case 'choices':
      return list ? value.map(option).join(t('common.comma')) : String(value);
    case 'boolean':
      return t(value === true ? 'common.yes' : 'common.no');
    case 'instant':
      return Number.isNaN(Date.parse(String(value))) ? String(value) : momentText(String(value));
    case 'percent':
      return `${value} %`;
    case 'files':
      return list ? value.map((one: { name?: string } | null) => one?.name ?? '').join(t('common.comma')) : String(value);
    default:
      return typeof value === 'object' ? JSON.stringify(value) : `${value}${schema?.['x-unit'] === undefined ? '' : ` ${schema['x-unit']}`}`;
  }
}

const numbers = ['integer', 'decimal', 'money', 'percent', 'year'];
const inputs: Record<string, string> = { date: 'date', month: 'month', email: 'email', telephone: 'tel', instant: 'datetime-local' };
/** Types whose value is written as JSON until they have a control of their own. */
const structured = ['place', 'line', 'area', 'files', 'rows'];

/** Somebody else's to see: the API says only that there is a value. */
export const isMasked = (value: unknown) => typeof value === 'object' && value !== null && 'masked' in value;
export const isNumber = (schema: Schema) => numbers.includes(schema['x-type']);
export const isStructured = (schema: Schema) => structured.includes(schema['x-type']);
export const inputType = (schema: Schema) => (isNumber(schema) ? 'number' : inputs[schema['x-type']] ?? 'text');

/** What stands in the box of a value, and back; nothing where the box is empty, the text itself where it is no value of that form, which is then refused by name. */
export function boxText(schema: Schema, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (schema['x-type'] === 'instant' && !Number.isNaN(Date.parse(String(value)))) return new Date(Date.parse(String(value)) + 8 * 3_600_000).toISOString().slice(0, 19);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
export function boxValue(schema: Schema, text: string): unknown {
  if (text === '') return undefined;
  if (isNumber(schema)) return Number(text);
  if (schema['x-type'] === 'instant') return `${text.length === 16 ? `${text}:00` : text}+08:00`;
  if (!isStructured(schema)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
