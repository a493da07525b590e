import { reactive } from 'vue';
import { accept, become, clean, dispatch, exceed, reportIt, type Told } from './acts';

// The demonstration's story, as far as it is built: each step is somebody's, somewhere, after something has happened.

interface Step { name: string; zh: [string, string]; en: [string, string]; go: (told: Told) => Promise<string> }
const as = (login: string | null, path: string) => async () => {
  await become(login);
  return path;
};

export const steps: Step[] = [
  { name: 'doors', zh: ['一座虚构的城区', '除区划名称外，这里的道路、房屋、人员和数据全是虚构的。居民从这里上报和查询，工作人员从这里登录。'], en: ['A town that is made up', 'But for the names of its divisions, its roads, houses, people and data are invented. Residents report and look up here; staff log in here.'], go: as(null, '/welcome') },
  { name: 'leader', zh: ['值班长的一天', '先看四个数：今日到期、已超时、待派遣、告警中。每个数字点开就是清单。'], en: ['The day of a shift leader', 'First the figures: due, late, not dispatched, alarms. Each number opens its list.'], go: as('leader', '/home') },
  { name: 'map', zh: ['一张图', '各业务的图层叠在同一张图上，可按时间回放、框选、查找。'], en: ['The one map', 'Layers of every system on one map: played by day, picked by a box, found by letters.'], go: as('leader', '/map') },
  { name: 'alarm', zh: ['监测超限，自动成案', '江南街道站刚测到一个超限值：告警出现在指挥台上方，并已生成一个案件。按 a 确认告警。'], en: ['A limit is passed, a case begins', 'The Jiangnan station has just measured too much: the alarm stands above the board, and a case has begun. “a” acknowledges it.'], go: async () => { await exceed(); await become('leader'); return '/board'; } },
  { name: 'report', zh: ['居民随手拍', '一位居民拍照上报了占道垃圾，得到编号和查看链接：这就是他看到的页面。'], en: ['A resident takes a photo', 'Rubbish on the pavement was reported with a photo: this is the page that the resident follows it on.'], go: async (told) => { if (told.case === 0) Object.assign(told, await reportIt()); else await become(null); return told.token === '' ? '/welcome' : `/follow/${told.token}`; } },
  { name: 'dispatch', zh: ['派给谁，何时到期', '按 d 派遣：提交之前就看得到按规则派给哪个单位、哪一刻到期。您可以自己按，也可以点“下一步”。'], en: ['Whose it would be, and until when', '“d” dispatches: before it is sent one sees which unit the rules name and when it is due. Press it yourself, or go on.'], go: async (told) => { await become('leader'); return `/board?pick=case-${told.case}`; } },
  { name: 'field', zh: ['责任单位接收', '环卫部门的经办人在手机上看到这件任务，最急的在前；没有网络也读得到。'], en: ['Who does it accepts it', 'The handler of sanitation sees the task on a phone, the most urgent first; it is there without a network too.'], go: async (told) => { await dispatch(told.case); await accept(told.case); return '/field'; } },
  { name: 'case', zh: ['处置前后，为什么这样派', '处置完成：前后照片并排。往下看：按哪条规则派的、怎样才会不同、每一步的回执都可离线验证。'], en: ['Before and after, and why', 'It is done: photos side by side. Further down: which rule sent it there, what would have led elsewhere, and a receipt of each step that is checked offline.'], go: async (told) => { await clean(told.case); await become('leader'); return `/cases/${told.case}`; } },
  { name: 'statistics', zh: ['统计与评价', '按时率、返工、满意度，与上期和去年同期相比；不足十件的不比率。'], en: ['How it goes', 'On time, rework, satisfaction, against the period before and a year ago; no rates of fewer than ten cases.'], go: as('leader', '/statistics') },
  { name: 'rules', zh: ['规则就是数据', '派遣和时限都是决策表：起草、测试、用往案重判，再由另一人发布。'], en: ['Rules are data', 'Dispatch and limits are decision tables: drafted, tested, replayed over old cases, and published by somebody else.'], go: as('rules', '/rules') },
  { name: 'wall', zh: ['大屏', '五米外看得清，没有按钮，断网自己恢复。'], en: ['The wall', 'Read from five metres, nothing to press, recovers alone.'], go: as('wall', '/wall') },
  { name: 'turn', zh: ['轮到您了', '选一个账号登录，密码都一样。服务器上还可以运行 qipan verify：重放整个日志，逐字比对。'], en: ['Your turn', 'Log in as anybody: all passwords are the same. On the server, qipan verify replays the whole log and compares.'], go: as(null, '/login') },
];

const kept = JSON.parse(sessionStorage.getItem('qipan-tour') ?? '{"at":-1,"told":{"case":0,"token":""}}') as { at: number; told: Told };
/** Where the tour is; -1: nowhere. */
export const tour = reactive({ at: kept.at, told: kept.told, working: false });
export const keepTour = () => sessionStorage.setItem('qipan-tour', JSON.stringify({ at: tour.at, told: tour.told }));
