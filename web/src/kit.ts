import 'element-plus/es/components/base/style/css';
import 'element-plus/es/components/drawer/style/css';
import 'element-plus/es/components/dropdown/style/css';
import 'element-plus/es/components/dropdown-item/style/css';
import 'element-plus/es/components/dropdown-menu/style/css';
import 'element-plus/es/components/message/style/css';
import 'element-plus/es/components/popover/style/css';

// What staff pages take of the component library, and nothing else of it is loaded. Residents' pages take none.
export { ElConfigProvider } from 'element-plus/es/components/config-provider/index';
export { ElDrawer } from 'element-plus/es/components/drawer/index';
export { ElDropdown, ElDropdownItem, ElDropdownMenu } from 'element-plus/es/components/dropdown/index';
export { ElMessage } from 'element-plus/es/components/message/index';
export { ElPopover } from 'element-plus/es/components/popover/index';
