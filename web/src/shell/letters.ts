import { ref } from 'vue';

export type Letters = 'usual' | 'large';
/** How large letters are, as this browser's reader chose. */
export const letters = ref<Letters>(localStorage.getItem('qipan-letters') === 'large' ? 'large' : 'usual');

export function setLetters(size: Letters) {
  letters.value = size;
  localStorage.setItem('qipan-letters', size);
  document.documentElement.classList.toggle('large', size === 'large');
}
setLetters(letters.value);
