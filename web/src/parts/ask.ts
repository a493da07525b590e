import { ref } from 'vue';
import { ApiProblem } from '../api';
import { i18n } from '../i18n';

/** One command at a time from a page of forms: what went wrong, what was done. */
export function useAsking() {
  const problem = ref('');
  const told = ref('');
  let newest = 0;
  async function ask<T>(work: () => Promise<T>, done = i18n.global.t('admin.done')): Promise<T | undefined> {
    const mine = ++newest;
    problem.value = '';
    told.value = '';
    try {
      const answer = await work();
      // What was asked before, as what a page loads, takes no newer word away.
      if (mine === newest) told.value = done;
      return answer;
    } catch (error) {
      problem.value = error instanceof ApiProblem ? error.text() : String(error);
      return undefined;
    }
  }
  return { problem, told, ask };
}

/** The filled-in inputs of a form by their names; empty ones are left out. Passwords stay as they were typed, blanks at their ends too. */
export function formValues(form: EventTarget | null): Record<string, string> {
  const entries = [...new FormData(form as HTMLFormElement).entries()].map(([name, value]) => [name, name.endsWith('password') ? String(value) : String(value).trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}

/** Empties a form after its values were taken, unless somebody has gone on writing in it since. */
export function clearForm(form: HTMLFormElement, sent: Record<string, string>) {
  const now = formValues(form);
  if (JSON.stringify(now) === JSON.stringify(sent)) form.reset();
}
