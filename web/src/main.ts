import { createApp } from 'vue';
import App from './App.vue';
import { bounded } from './bounded';
import { i18n } from './i18n';
import { router } from './router';
import { shown } from './shown';
import './style.css';

createApp(App).use(i18n).use(router).directive('bounded', bounded).directive('shown', shown).mount('#app');
