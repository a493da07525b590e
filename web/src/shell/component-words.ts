import en from 'element-plus/es/locale/lang/en.mjs';
import zhCn from 'element-plus/es/locale/lang/zh-cn.mjs';
import { computed } from 'vue';
import { language } from '../words';

/** What the component library says by itself, in the reader's language. */
export const componentWords = computed(() => (language.value === 'zh' ? zhCn : en));
