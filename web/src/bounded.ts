import type { Directive } from 'vue';
import { i18n } from './i18n';

const boxes = new WeakMap<HTMLElement, { counter: HTMLElement; look: () => void; most: number }>();

/**
 * `v-bounded="2000"` on a text box: nothing that is typed or pasted is cut. From four fifths on a counter says how many characters there are,
 * as the server counts them (code points); over the bound the form is not sent and says why.
 */
export const bounded: Directive<HTMLInputElement | HTMLTextAreaElement, number | undefined> = {
  mounted(box, { value }) {
    if (value === undefined) return;
    const counter = document.createElement('span');
    counter.className = 'muted counter';
    counter.setAttribute('role', 'status');
    box.after(counter);
    const kept = { counter, most: value, look: () => undefined as void };
    kept.look = () => {
      const length = [...box.value].length;
      const over = length > kept.most;
      counter.textContent = length >= kept.most * 0.8 ? i18n.global.t('common.characters', { n: length, most: kept.most }) : '';
      counter.classList.toggle('over', over);
      box.setCustomValidity(over ? i18n.global.t('common.tooLong', { most: kept.most, over: length - kept.most }) : '');
    };
    boxes.set(box, kept);
    box.addEventListener('input', kept.look);
    kept.look();
  },
  updated(box, { value }) {
    const kept = boxes.get(box);
    if (kept === undefined || value === undefined) return;
    kept.most = value;
    kept.look();
  },
  beforeUnmount(box) {
    boxes.get(box)?.counter.remove();
    boxes.delete(box);
  },
};
