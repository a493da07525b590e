import { ref, watch, type Ref } from 'vue';
import { session } from './api';

/** Logging out takes away what begins so. */
const prefix = 'qipan-draft-';

/** What somebody was typing when their session ended, kept in this tab for them until it is sent; `kept` leaves out what no browser keeps. */
export function useDraft<T>(name: () => string, empty: () => T, kept: (draft: T) => T = (all) => all): { draft: Ref<T>; hold: () => () => void } {
  const key = () => `${prefix}${session.person?.id ?? 0}-${name()}`;
  const read = () => {
    const text = sessionStorage.getItem(key());
    return text === null ? empty() : (JSON.parse(text) as T);
  };
  const draft = ref(read()) as Ref<T>;
  watch(name, () => (draft.value = read()));
  watch(draft, (value) => {
    if (session.person === null) return;
    const text = JSON.stringify(kept(value));
    if (text === JSON.stringify(empty())) sessionStorage.removeItem(key());
    else sessionStorage.setItem(key(), text);
  }, { deep: true });
  /** What forgets the draft as it is now, also when another has taken its place on the page meanwhile. */
  const hold = () => {
    const held = key();
    return () => {
      sessionStorage.removeItem(held);
      if (key() === held) draft.value = empty();
    };
  };
  return { draft, hold };
}
