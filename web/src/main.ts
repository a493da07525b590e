import { createApp } from 'vue';
import App from './App.vue';
import { bounded } from './bounded';
import { i18n } from './i18n';
import { router } from './router';
import { shown } from './shown';
import './style.css';

// On a slow network each question waits for half a second: the page is fetched while the session is asked for, not behind it.
for (const { components } of router.resolve(location.pathname + location.search).matched) {
  const page = components?.default as (() => Promise<unknown>) | object | undefined;
  if (typeof page === 'function') void (page as () => Promise<unknown>)().catch(() => undefined);
}
createApp(App).use(i18n).use(router).directive('bounded', bounded).directive('shown', shown).mount('#app');
