import { momentText, titleOf, unitName } from '../words';
import { caseClasses, units, type CaseClass, type Title, type Unit } from '../api';
import type { Described, Property } from './collection';

// Filters as people choose them: a column and what it may be, kept in the address as f.COLUMN, and told to the API as CQL2.

export interface Choice { value: string; title: string; depth?: number }
/** How a column is filtered by hand. */
export type Way = 'options' | 'units' | 'class' | 'range' | 'text' | 'is';

export function wayOf(property: Property): Way | undefined {
  if (!property.filterable) return undefined;
  if (property.of_unit) return 'units';
  if (property.name === 'lamp') return 'options';
  if (property.name === 'class') return 'class';
  if (property.schema.enum !== undefined || property.kind === 'true or false') return 'options';
  if (property.schema['x-type'] === 'reference') return 'is';
  if (property.kind === 'number' || property.kind === 'date' || property.kind === 'time') return 'range';
  return property.kind === 'text' ? 'text' : undefined;
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const like = (text: string) => quoted(`%${text.replace(/[\\%_]/g, '\\$&')}%`);
const bound = (property: Property, text: string) => (property.kind === 'number' ? text : `DATE(${quoted(text)})`);
const isBound = (property: Property, text: string) => (property.kind === 'number' ? /^-?\d+(\.\d+)?$/ : /^\d{4}-\d\d-\d\d$/).test(text);

/** What a chosen filter asks; nothing where it says nothing that can be asked. */
export function conditionOf(property: Property, value: string): string {
  if (value === '') return '';
  const parts = value.split(',').filter((part) => part !== '');
  switch (wayOf(property)) {
    case 'options':
      if (property.kind === 'true or false') return value === 'true' ? property.name : value === 'false' ? `NOT ${property.name}` : '';
      if (property.kind === 'number') return parts.every((part) => /^\d+$/.test(part)) ? `${property.name} IN (${parts.join(', ')})` : '';
      return `${property.name} IN (${parts.map(quoted).join(', ')})`;
    case 'class':
      return `(${parts.map((part) => `${property.name} LIKE ${quoted(`${part}%`)}`).join(' OR ')})`;
    case 'units':
      return `(${parts.map((part) => `under(${property.name}, ${quoted(part)})`).join(' OR ')})`;
    case 'range': {
      const [from = '', to = ''] = value.split('..');
      return [isBound(property, from) ? `${property.name} >= ${bound(property, from)}` : '', isBound(property, to) ? `${property.name} <= ${bound(property, to)}` : ''].filter((one) => one !== '').join(' AND ');
    }
    case 'is':
      return `${property.name} = ${quoted(value)}`;
    case 'text':
      return `${property.name} LIKE ${like(value)}`;
    default:
      return '';
  }
}

/** What words in the box above a list ask: some text of it has them. */
export function wordsCondition(collection: Described, words: string): string {
  const text = words.trim();
  if (text === '') return '';
  const columns = collection.properties.filter((property) => property.filterable && property.searchable && property.sensitivity !== 'sensitive');
  const number = /^\d{1,15}$/.test(text) ? [`id = ${text}`] : [];
  const asked = [...number, ...columns.map((property) => `${property.name} LIKE ${like(text)}`)];
  return asked.length === 0 ? '' : `(${asked.join(' OR ')})`;
}

export const together = (conditions: string[]) => conditions.filter((one) => one !== '').map((one) => `(${one})`).join(' AND ');

let allUnits: Unit[] = [];
let classes: CaseClass[] = [];
/** Names of units and classes, which columns have by their codes. */
export async function readNames() {
  [allUnits, classes] = await Promise.all([units(), caseClasses()]);
}
export const classTitle = (code: string): Title | undefined => classes.find((one) => one.code === code)?.title;

/** What may be chosen of a column. */
export function choicesOf(property: Property, lamps: string[]): Choice[] {
  if (property.name === 'lamp') return lamps.map((title, at) => ({ value: String(at), title }));
  if (property.of_unit) {
    const below = (parent: string, depth: number): Choice[] => allUnits.filter((unit) => (unit.parent ?? '') === parent).flatMap((unit) => [{ value: unit.code, title: unitName(unit), depth }, ...(depth < 2 ? below(unit.code, depth + 1) : [])]);
    return below('', 0);
  }
  if (property.name === 'class') return classes.filter((one) => one.parent === '').map((one) => ({ value: one.code, title: titleOf(one.title) }));
  return (property.schema.enum ?? []).map((value) => ({ value, title: titleOf(property.schema['x-options']?.[value]) || value }));
}

/** A chosen filter in words. */
export function filterText(property: Property, value: string, lamps: string[], yes: string, no: string): string {
  if (property.kind === 'true or false') return value === 'true' ? yes : no;
  const choices = choicesOf(property, lamps);
  if (choices.length > 0) return value.split(',').map((part) => choices.find((one) => one.value === part)?.title ?? part).join(' / ');
  if (wayOf(property) === 'range') return value.replace('..', ' – ');
  return property.kind === 'time' ? momentText(value) : value;
}
