import { createI18n } from 'vue-i18n';
import { en } from './en';
import { zh } from './zh';

export type Language = 'zh' | 'en';
const stored = localStorage.getItem('qipan-language');

/** Keys without a text are collected, so that a test can say there are none. */
export const missingKeys = new Set<string>();
(window as unknown as { qipanMissingKeys: Set<string> }).qipanMissingKeys = missingKeys;

export const i18n = createI18n({
  legacy: false,
  // What was chosen, else what the browser asks for first.
  locale: stored === 'en' || stored === 'zh' ? stored : navigator.language.toLowerCase().startsWith('en') ? 'en' : 'zh',
  fallbackLocale: false as unknown as string,
  messages: { zh, en },
  missing: (_locale, key) => {
    missingKeys.add(key);
    return key;
  },
});

let staff: Promise<void> | undefined;
/** What pages of staff and organisations say: before the first of them is shown. */
export function readStaffWords(): Promise<void> {
  staff ??= Promise.all([import('./zh-staff'), import('./en-staff')]).then(([{ zhStaff }, { enStaff }]) => {
    i18n.global.mergeLocaleMessage('zh', zhStaff);
    i18n.global.mergeLocaleMessage('en', enStaff);
  });
  staff.catch(() => (staff = undefined));
  return staff;
}

export function setLanguage(language: Language) {
  i18n.global.locale.value = language;
  localStorage.setItem('qipan-language', language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
setLanguage(i18n.global.locale.value as Language);
// One reader, one language: what is chosen in one window holds in the others.
window.addEventListener('storage', ({ key, newValue }) => {
  if (key === 'qipan-language' && (newValue === 'zh' || newValue === 'en')) setLanguage(newValue);
});
