import { computed } from 'vue';
import type { Title } from './api';
import { i18n } from './i18n';

export const language = computed(() => i18n.global.locale.value as 'zh' | 'en');

export const titleOf = (title: Title | undefined) => (title === undefined ? '' : title[language.value]);
export const unitName = (unit: { title_zh?: string; title_en?: string } | null | undefined) =>
  unit === null || unit === undefined ? '' : (language.value === 'zh' ? unit.title_zh : unit.title_en) ?? '';

/** The district's day of an instant, as YYYY-MM-DD. */
export const dayText = (instant: string) => new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 10);

/** The reader's half of a text that a pack has in both languages as "中文 / English"; any other text as it is. */
export function inLanguage(text: string): string {
  const [zh = '', en] = text.split(' / ');
  if (en === undefined || !/[\u4e00-\u9fff]/.test(zh)) return text;
  return language.value === 'zh' ? zh : text.slice(zh.length + 3);
}

/** Date and time in the district's own zone, whatever the reader's machine says. */
export function momentText(text: string | null): string {
  if (text === null) return '';
  return new Intl.DateTimeFormat(language.value === 'zh' ? 'zh-CN' : 'en-GB', {
    timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false,
  }).format(new Date(text));
}

/** "3 h left", "2 d over". */
export function dueText(due: string | null, open: boolean): string {
  const { t } = i18n.global;
  if (due === null) return t('due.none');
  if (!open) return momentText(due);
  const minutes = Math.round((new Date(due).getTime() - Date.now()) / 60_000);
  const size = Math.abs(minutes);
  const span = size >= 2880 ? t('due.day', { n: Math.floor(size / 1440) }) : size >= 120 ? t('due.hour', { n: Math.floor(size / 60) }) : t('due.minute', { n: size });
  return t(minutes >= 0 ? 'due.left' : 'due.over', { span });
}

/** How long something has lasted: "12 min", "5 h", "3 d". */
export function sinceText(from: string, now: number): string {
  const { t } = i18n.global;
  const minutes = Math.max(0, Math.floor((now - Date.parse(from)) / 60_000));
  return minutes >= 2880 ? t('due.day', { n: Math.floor(minutes / 1440) }) : minutes >= 120 ? t('due.hour', { n: Math.floor(minutes / 60) }) : t('due.minute', { n: minutes });
}

/** Time of day with seconds, in the district's zone. */
export function clockText(text: string): string {
  if (text === '') return '—';
  return new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false }).format(new Date(text));
}

/** "11-25 08:00" in the district's zone, for axes. */
export function shortMoment(time: number): string {
  return new Date(time + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ');
}
