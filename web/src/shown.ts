import type { Directive } from 'vue';

/**
 * `v-shown="text"` on an input: shows the text whenever it becomes another one, unless somebody is writing in it. Unlike `:value`, a page that is drawn again for another
 * reason (an answer, the live stream) leaves alone what is being typed.
 */
export const shown: Directive<HTMLInputElement, string> = {
  mounted(box, { value }) {
    box.value = value;
  },
  updated(box, { value, oldValue }) {
    if (value !== oldValue && document.activeElement !== box) box.value = value;
  },
};
