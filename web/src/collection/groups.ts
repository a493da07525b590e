import type { RouteLocationRaw } from 'vue-router';
import { i18n } from '../i18n';
import { shiftDay } from '../periods';
import { titleOf, unitName } from '../words';
import { valueText } from '../fields';
import type { Described, Group } from './collection';
import { classTitle, together } from './filters';

// What groups of rows are called, and the list behind each.

const parts = /^([a-z]+)\((.+)\)$/;
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** What a group is called; empty where it is of what has nothing there. */
export function groupText(collection: Described, by: string, group: Group): string {
  const value = group.by[by];
  if (value === null || value === undefined) return '';
  const [, part] = parts.exec(by) ?? [];
  if (part === 'weekday') return i18n.global.t(`weekday.${String(value)}`);
  if (part === 'hour') return `${String(value)}:00`;
  if (part !== undefined) return String(value);
  const property = collection.properties.find((one) => one.name === by);
  if (property === undefined) return String(value);
  if (property.of_unit) return unitName(value as { title_zh?: string; title_en?: string });
  if (property.name === 'lamp') return i18n.global.t(`lamp.${['green', 'yellow', 'red', 'severe'][Number(value)] ?? 'green'}`);
  if (property.name === 'class') return titleOf(classTitle(String(value))) || String(value);
  if (property.name === 'source' && i18n.global.te(`source.${String(value)}`)) return i18n.global.t(`source.${String(value)}`);
  return valueText(property.schema, value);
}

const last = (text: string) => new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).toISOString().slice(0, 10);
/** From which day to which a part of time lasts. */
function spanOf(part: string, value: string): [string, string] | undefined {
  if (part === 'day') return [value, value];
  if (part === 'week') return [value, shiftDay(value, 6)];
  if (part === 'month') return [`${value}-01`, last(value)];
  if (part === 'quarter') {
    const first = (Number(value.slice(6)) - 1) * 3 + 1;
    const month = (n: number) => `${value.slice(0, 4)}-${String(n).padStart(2, '0')}`;
    return [`${month(first)}-01`, last(month(first + 2))];
  }
  return part === 'year' ? [`${value}-01-01`, `${value}-12-31`] : undefined;
}

/** What a group's rows have in common, as a filter; empty where no filter says it. */
export function groupCondition(collection: Described, by: string, group: Group): string {
  const value = group.by[by];
  const [, part, inner] = parts.exec(by) ?? [];
  if (part !== undefined && inner !== undefined) {
    if (value === null || value === undefined) return `${inner} IS NULL`;
    const span = spanOf(part, String(value));
    return span === undefined ? '' : `${inner} >= DATE('${span[0]}') AND ${inner} <= DATE('${span[1]}')`;
  }
  const property = collection.properties.find((one) => one.name === by);
  if (value === null || value === undefined) return `${by} IS NULL`;
  if (property?.of_unit === true) return `${by} = ${quoted((value as { code: string }).code)}`;
  if (property?.kind === 'true or false') return value === true ? by : `NOT ${by}`;
  if (property?.kind === 'number') return `${by} = ${String(value)}`;
  if (property?.kind === 'date') return `${by} = DATE(${quoted(String(value))})`;
  if (property?.kind === 'time') return `${by} = TIMESTAMP(${quoted(String(value))})`;
  return `${by} = ${quoted(String(value))}`;
}

/** The list of a group's rows. */
export function groupLink(collection: Described, by: string, group: Group, filter: string): RouteLocationRaw {
  return { path: `/collections/${collection.name}`, query: { where: together([filter, groupCondition(collection, by, group)]), named: groupText(collection, by, group) || i18n.global.t('collection.nothing') } };
}
