import { dayText } from './words';

/** Days of the district, both of them in it. */
export interface Span { from: string; to: string; days: number }

/** The district's day, whatever the reader's machine says. */
export const today = () => dayText(new Date().toISOString());
/** So many days later, or before. */
export const shiftDay = (day: string, by: number) => new Date(Date.parse(`${day}T00:00:00Z`) + by * 86_400_000).toISOString().slice(0, 10);
const lasting = (from: string, to: string): Span => ({ from, to, days: Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1 });
const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text);
/** The same day of another year; of the 29th of February the 28th. */
function yearsBack(day: string, years: number): string {
  const year = Number(day.slice(0, 4)) - years;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return `${String(year).padStart(4, '0')}${day.slice(4) === '-02-29' && !leap ? '-02-28' : day.slice(4)}`;
}

/** The days that a period of statistics has until today; chosen days as they were chosen, in order. */
export function daysOf(period: string, today: string, from: string, to: string): Span {
  if (period === 'own') {
    const [begin, end] = [isDay(from) ? from : shiftDay(today, -29), isDay(to) ? to : today];
    return begin <= end ? lasting(begin, end) : lasting(end, begin);
  }
  if (period === 'today') return lasting(today, today);
  if (period === '7d') return lasting(shiftDay(today, -6), today);
  if (period === 'month') return lasting(`${today.slice(0, 7)}-01`, today);
  if (period === 'quarter') return lasting(`${today.slice(0, 5)}${String(Math.floor((Number(today.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0')}-01`, today);
  if (period === 'year') return lasting(`${today.slice(0, 4)}-01-01`, today);
  return lasting(shiftDay(today, -29), today);
}

/** As many days just before it, or the same days a year ago. */
export const shifted = (span: Span, to: 'before' | 'year'): Span => (to === 'before' ? lasting(shiftDay(span.from, -span.days), shiftDay(span.from, -1)) : lasting(yearsBack(span.from, 1), yearsBack(span.to, 1)));
